namespace Proxima.Models.Native;

/// <summary>
/// Memory in whole pages from one range of addresses: the smallest hole that is large enough, and neighbouring holes become one. So a step that asks
/// for the sizes that the one before has given back finds them, and nothing grows (docs/adr/tensor-heap.md). Pages stay in memory until
/// <see cref="GiveBack"/>. Safe for threads.
/// </summary>
internal sealed unsafe class PageHeap : IDisposable
{
    private const int PageBytes = 4096;

    /// <summary>Blocks begin at different places of their first page, or the rows of all tensors would meet in the same sets of the caches.</summary>
    private const int Places = 32;
    private const int PlaceBytes = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _pagesOfLive = [];
    private readonly byte* _base;
    private long[] _first = new long[256]; // of each hole, ascending
    private long[] _count = new long[256]; // pages of each hole
    private int _holes = 1;
    private long _end; // pages that have ever been given out end here
    private int _turn;

    /// <summary>Reserves addresses; memory comes when it is touched, in huge pages where the system has them.</summary>
    /// <param name="bytes">of the range</param>
    /// <exception cref="InsufficientMemoryException">the system refuses the range</exception>
    public PageHeap(long bytes)
    {
        bytes = bytes / PageBytes * PageBytes;
        nint range = Libc.Map(0, (nuint)bytes, Libc.ProtectRead | Libc.ProtectWrite, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if (range == Libc.MapFailed)
        {
            throw new InsufficientMemoryException($"a range of {bytes} bytes cannot be reserved");
        }

        _base = (byte*)range;
        Bytes = bytes;
        _count[0] = bytes / PageBytes;
        _ = Libc.Advise(_base, (nuint)bytes, Libc.AdviceHugePages); // a kernel without them says no, and small ones do
    }

    /// <summary>First address of the range.</summary>
    public nint Base => (nint)_base;

    /// <summary>Length of the range.</summary>
    public long Bytes { get; }

    /// <summary>What lives.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>From the first address to the last that was ever given out.</summary>
    public long ReachedBytes => _end * PageBytes;

    /// <summary>A block aligned to 64 bytes; its contents are anything.</summary>
    /// <returns>0 when no hole is large enough</returns>
    public nint Allocate(nuint bytes)
    {
        if (bytes > (nuint)Bytes)
        {
            return 0;
        }

        long pages = ((long)bytes + ((Places - 1) * PlaceBytes) + PageBytes - 1) / PageBytes;
        lock (_lock)
        {
            int hole = SmallestHole(pages);
            if (hole < 0)
            {
                return 0;
            }

            long first = _first[hole];
            if (_count[hole] == pages)
            {
                RemoveHole(hole);
            }
            else
            {
                _first[hole] += pages;
                _count[hole] -= pages;
            }

            _turn = (_turn + 1) % Places;
            _pagesOfLive.Add(first, pages);
            LiveBytes += pages * PageBytes;
            _end = Math.Max(_end, first + pages);
            return (nint)(_base + (first * PageBytes) + (_turn * PlaceBytes));
        }
    }

    /// <summary>Takes a block back.</summary>
    /// <param name="block">what <see cref="Allocate"/> gave</param>
    /// <exception cref="ArgumentException">no block that lives begins there</exception>
    public void Free(nint block)
    {
        long first = (block - Base) / PageBytes;
        lock (_lock)
        {
            if (!_pagesOfLive.Remove(first, out long pages))
            {
                throw new ArgumentException("no block that lives begins there", nameof(block));
            }

            LiveBytes -= pages * PageBytes;
            AddHole(first, pages);
        }
    }

    /// <summary>Gives the pages of all holes back to the system.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            for (int i = 0; i < _holes; i++)
            {
                long pages = Math.Min(_count[i], _end - _first[i]);
                if (pages > 0)
                {
                    _ = Libc.Advise(_base + (_first[i] * PageBytes), (nuint)(pages * PageBytes), Libc.AdviceNotNeeded);
                }
            }
        }
    }

    public void Dispose() => _ = Libc.Unmap(Base, (nuint)Bytes);

    /// <summary>The lowest of the smallest; the rest of the range, which is the largest, comes last.</summary>
    private int SmallestHole(long pages)
    {
        int best = -1;
        long bestCount = long.MaxValue;
        for (int i = 0; i < _holes; i++)
        {
            if (_count[i] >= pages && _count[i] < bestCount)
            {
                best = i;
                bestCount = _count[i];
            }
        }

        return best;
    }

    private void AddHole(long first, long pages)
    {
        int after = ~Array.BinarySearch(_first, 0, _holes, first);
        bool joinsBefore = after > 0 && _first[after - 1] + _count[after - 1] == first;
        bool joinsAfter = after < _holes && first + pages == _first[after];
        if (joinsBefore)
        {
            _count[after - 1] += pages + (joinsAfter ? _count[after] : 0);
            if (joinsAfter)
            {
                RemoveHole(after);
            }
        }
        else if (joinsAfter)
        {
            _first[after] = first;
            _count[after] += pages;
        }
        else
        {
            InsertHole(after, first, pages);
        }
    }

    private void InsertHole(int at, long first, long pages)
    {
        if (_holes == _first.Length)
        {
            Array.Resize(ref _first, 2 * _holes);
            Array.Resize(ref _count, 2 * _holes);
        }

        Array.Copy(_first, at, _first, at + 1, _holes - at);
        Array.Copy(_count, at, _count, at + 1, _holes - at);
        _first[at] = first;
        _count[at] = pages;
        _holes++;
    }

    private void RemoveHole(int at)
    {
        _holes--;
        Array.Copy(_first, at + 1, _first, at, _holes - at);
        Array.Copy(_count, at + 1, _count, at, _holes - at);
    }
}
