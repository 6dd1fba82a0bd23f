using CsCheck;
using Proxima.Models.Native;

namespace Proxima.Tests.Models.Native;

public sealed unsafe class PageHeapTests
{
    private const int Page = 4096;
    private const int Slack = 64 * 31; // blocks begin at 32 places of their first page

    [Fact]
    public void Blocks_never_overlap_keep_what_is_written_and_leave_one_hole_in_the_end() =>
        Gen.Select(Gen.Int[1, 40 * Page], Gen.Int[0, 99]).Array[1, 200].Sample(asks =>
        {
            using PageHeap heap = new(1L << 24);
            List<(nint First, int Bytes, byte Mark)> live = [];
            foreach ((int bytes, int choice) in asks)
            {
                if (choice < 45 && live.Count > 0)
                {
                    CheckAndFree(heap, live, choice % live.Count);
                }
                else if (heap.Allocate((nuint)bytes) is not 0 and nint first)
                {
                    byte mark = (byte)(live.Count + choice);
                    new Span<byte>((void*)first, bytes).Fill(mark);
                    live.Add((first, bytes, mark));
                }
            }

            while (live.Count > 0)
            {
                CheckAndFree(heap, live, live.Count - 1);
            }

            Assert.Equal(0, heap.LiveBytes);
            nint all = heap.Allocate((1 << 24) - Slack);
            Assert.NotEqual(0, all);
        });

    [Fact]
    public void The_smallest_hole_that_is_large_enough_is_taken()
    {
        using PageHeap heap = new(1L << 24);
        nint[] blocks = [.. new[] { 8, 1, 3, 1, 5, 1 }.Select(pages => heap.Allocate((nuint)((pages * Page) - Slack)))];
        long reached = heap.ReachedBytes;
        foreach (int hole in new[] { 0, 2, 4 })
        {
            heap.Free(blocks[hole]);
        }

        Assert.Equal(blocks[2] / Page, heap.Allocate((2 * Page) - Slack) / Page);
        Assert.Equal(blocks[4] / Page, heap.Allocate((4 * Page) - Slack) / Page);
        Assert.Equal(blocks[0] / Page, heap.Allocate((8 * Page) - Slack) / Page);
        Assert.Equal(reached, heap.ReachedBytes);
    }

    /// <summary>A training step asks for the same sizes again and again, in another order each time.</summary>
    [Fact]
    public void Steps_that_ask_for_the_same_sizes_do_not_grow_the_range()
    {
        using PageHeap heap = new(1L << 30);
        Random random = new(1);
        int[] sizes = [.. Enumerable.Range(0, 300).Select(_ => random.Next(1 << 16, 1 << 20))];
        long most = 0;
        for (int step = 0; step < 200; step++)
        {
            random.Shuffle(sizes);
            nint[] blocks = [.. sizes.Select(size => heap.Allocate((nuint)size))];
            most = Math.Max(most, heap.LiveBytes);
            random.Shuffle(blocks);
            Array.ForEach(blocks, heap.Free);
        }

        Assert.Equal(most, heap.ReachedBytes);
    }

    [Fact]
    public void Too_large_a_block_is_refused_and_an_unknown_one_is_not_taken_back()
    {
        using PageHeap heap = new(1L << 20);
        Assert.Equal(0, heap.Allocate(1 << 20));
        Assert.Equal(0, heap.Allocate(nuint.MaxValue));
        Assert.Throws<ArgumentException>(() => heap.Free(heap.Base));
    }

    [Fact]
    public void Pages_of_holes_go_back_and_those_of_blocks_stay()
    {
        using PageHeap heap = new(1L << 24);
        nint kept = heap.Allocate(1 << 20);
        nint hole = heap.Allocate(1 << 20);
        new Span<byte>((void*)kept, 1 << 20).Fill(7);
        new Span<byte>((void*)hole, 1 << 20).Fill(7);
        heap.Free(hole);

        heap.GiveBack();

        Assert.Equal(-1, new ReadOnlySpan<byte>((void*)kept, 1 << 20).IndexOfAnyExcept((byte)7));
        Assert.Equal(-1, new ReadOnlySpan<byte>((void*)hole, 1 << 20).IndexOfAnyExcept((byte)0)); // the kernel brings zeros
    }

    private static void CheckAndFree(PageHeap heap, List<(nint First, int Bytes, byte Mark)> live, int index)
    {
        (nint first, int bytes, byte mark) = live[index];
        Assert.Equal(0, first % 64);
        Assert.Equal(-1, new ReadOnlySpan<byte>((void*)first, bytes).IndexOfAnyExcept(mark));
        heap.Free(first);
        live.RemoveAt(index);
    }
}
