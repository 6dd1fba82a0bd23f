using System.Buffers;

namespace Proxima.Text.Models;

/// <summary>A binary heap of places in a piece: lowest rank first, then leftmost.</summary>
internal sealed class PositionHeap : IDisposable
{
    private ulong[] _items;
    private int _count;

    public PositionHeap(int capacity)
    {
        _items = ArrayPool<ulong>.Shared.Rent(capacity);
    }

    /// <summary>Adds a place; one whose pair does not merge is left out.</summary>
    public void Push(int rank, int position)
    {
        if (rank == MergeTable.NoRank)
        {
            return;
        }

        if (_count == _items.Length)
        {
            Grow();
        }

        ulong item = ((ulong)(uint)rank << 32) | (uint)position;
        int hole = _count++;
        while (hole > 0 && _items[(hole - 1) / 2] > item)
        {
            _items[hole] = _items[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _items[hole] = item;
    }

    public bool TryPop(out int rank, out int position)
    {
        if (_count == 0)
        {
            (rank, position) = (0, 0);
            return false;
        }

        ulong top = _items[0];
        (rank, position) = ((int)(top >> 32), (int)(uint)top);
        SinkFromTop(_items[--_count]);
        return true;
    }

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_items);
        _items = [];
        _count = 0;
    }

    private void SinkFromTop(ulong item)
    {
        int hole = 0;
        while (true)
        {
            int child = (2 * hole) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _items[child + 1] < _items[child])
            {
                child++;
            }

            if (_items[child] >= item)
            {
                break;
            }

            _items[hole] = _items[child];
            hole = child;
        }

        _items[hole] = item;
    }

    private void Grow()
    {
        ulong[] larger = ArrayPool<ulong>.Shared.Rent(_items.Length * 2);
        _items.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_items);
        _items = larger;
    }
}
