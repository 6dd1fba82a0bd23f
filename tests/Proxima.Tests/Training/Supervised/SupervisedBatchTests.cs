using CsCheck;
using Proxima.Data.Examples;
using Proxima.Training.Supervised;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Supervised;

public sealed class SupervisedBatchTests
{
    [Fact]
    public void Each_reply_token_is_predicted_from_the_state_before_it_and_pads_are_no_targets()
    {
        using var batch = new SupervisedBatch([Example([5, 6, 7, 0], [false, false, true, true]), Example([5, 0], [false, true])], CPU);

        Assert.Equal([5, 6, 7, 0, 5, 0, 0, 0], batch.Ids.data<long>().ToArray());
        Assert.Equal([0, 1, 2, 3, 0, 1, 0, 0], batch.Positions.data<long>().ToArray());
        Assert.Equal([7, 0, 0], batch.Targets.data<long>().ToArray());
        Assert.Equal([1, 2, 4], batch.TargetStates.data<long>().ToArray());
    }

    [Fact]
    public void The_first_token_has_no_state_before_it_and_is_no_target()
    {
        EncodedExample example = Example([5, 6, 7], [true, true, false]);
        using var batch = new SupervisedBatch([example], CPU);

        Assert.Equal([6], batch.Targets.data<long>().ToArray());
        Assert.Equal(1, SupervisedBatch.TargetCount(example));
    }

    [Fact]
    public void Every_target_follows_its_state_in_the_ids()
    {
        Gen<EncodedExample> example = Gen.Int[1, 9].SelectMany(n => Gen.Select(Gen.Int[0, 99].Array[n], Gen.Bool.Array[n], Example));
        example.Array[1, 5].Sample(examples =>
        {
            using var batch = new SupervisedBatch(examples, CPU);
            long[] ids = batch.Ids.data<long>().ToArray();
            long[] states = batch.TargetStates.data<long>().ToArray();

            Assert.Equal(states.Select(state => ids[state + 1]), batch.Targets.data<long>().ToArray());
            Assert.Equal(states.Order().Distinct(), states);
            Assert.Equal(examples.Sum(SupervisedBatch.TargetCount), states.Length);
            Assert.Equal(examples.Sum(e => e.LossMask.Skip(1).Count(counts => counts)), states.Length);
        });
    }

    internal static EncodedExample Example(int[] ids, bool[] mask) =>
        new() { Ids = ids, LossMask = mask, DroppedTurns = 0, LastTurnCut = false, ReplyCut = false };
}
