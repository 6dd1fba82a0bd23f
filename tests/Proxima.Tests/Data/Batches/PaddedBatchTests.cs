using CsCheck;
using Proxima.Data.Batches;
using Proxima.Data.Examples;

namespace Proxima.Tests.Data.Batches;

public sealed class PaddedBatchTests
{
    private static readonly Gen<int[][]> Sequences = Gen.Int[0, 5].Array[1, 9].Array[1, 6];

    [Fact]
    public void Prompts_are_padded_on_the_left()
    {
        PaddedBatch batch = PaddedBatch.PadLeft([[5, 6, 7], [8]], 0);

        Assert.Equal((2, 3), (batch.Rows, batch.Width));
        Assert.Equal([5, 6, 7, 0, 0, 8], batch.Ids);
        Assert.Equal([true, true, true, false, false, true], batch.Mask);
        Assert.Equal([0, 1, 2, 0, 0, 0], batch.Positions);
        Assert.Equal([3, 1], batch.Lengths);
    }

    [Fact]
    public void Examples_are_padded_on_the_right_and_a_pad_that_is_a_token_does_not_matter()
    {
        SupervisedBatch batch = SupervisedBatch.Create(
            [Example([5, 2, 2], [false, true, true]), Example([2, 9], [false, true])],
            padId: 2);

        Assert.Equal([5, 2, 2, 2, 9, 2], batch.Tokens.Ids);
        Assert.Equal([true, true, true, true, true, false], batch.Tokens.Mask);
        Assert.Equal([0, 1, 2, 0, 1, 0], batch.Tokens.Positions);
        Assert.Equal([false, true, true, false, true, false], batch.LossMask);
    }

    [Fact]
    public void Every_row_gives_its_sequence_back_whatever_the_pad_is()
    {
        Gen.Select(Sequences, Gen.Int[0, 5], Gen.Bool).Sample((sequences, pad, left) =>
        {
            PaddedBatch batch = left ? PaddedBatch.PadLeft(sequences, pad) : PaddedBatch.PadRight(sequences, pad);

            for (int row = 0; row < batch.Rows; row++)
            {
                int[] places = [.. Enumerable.Range(row * batch.Width, batch.Width)];
                int[] kept = [.. places.Where(i => batch.Mask[i])];
                Assert.Equal(sequences[row], kept.Select(i => batch.Ids[i]));
                Assert.Equal(Enumerable.Range(0, sequences[row].Length), kept.Select(i => batch.Positions[i]));
                Assert.Equal(left ? places[^1] : places[0], left ? kept[^1] : kept[0]);
                Assert.All(places.Except(kept), i => Assert.Equal((pad, 0), (batch.Ids[i], batch.Positions[i])));
            }
        });
    }

    [Fact]
    public void Nothing_to_pad_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PaddedBatch.PadLeft([], 0));
        Assert.Throws<ArgumentException>(() => PaddedBatch.PadRight([[1], []], 0));
    }

    private static EncodedExample Example(int[] ids, bool[] mask) =>
        new() { Ids = ids, LossMask = mask, DroppedTurns = 0, LastTurnCut = false, ReplyCut = false };
}
