using Proxima.Core.Display;
using Proxima.Training.Optimization;
using Proxima.Training.Planning;

namespace Proxima.Tests.Training.Planning;

/// <summary>The sums are counted by hand from 1,272 weights of the actor and 1,280 of critic and reward model.</summary>
public sealed class MemoryPlanTests
{
    [Fact]
    public void In_fp32_a_trained_weight_takes_16_bytes_and_a_frozen_one_4()
    {
        MemoryPlan plan = TinyPlans.Memory();

        Assert.Equal(5088, In(plan, "actor: weights", RunPhase.Update));
        Assert.Equal(10176, In(plan, "actor: moments", RunPhase.Update));
        Assert.Equal(10208, In(plan, "gradients", RunPhase.Rollout));
        Assert.Equal(5088, In(plan, "reference", RunPhase.Update));
        Assert.Equal(5120, In(plan, "reward model", RunPhase.Update));
        Assert.Equal(57410, plan.In(RunPhase.Rollout));
        Assert.Equal(57640, plan.In(RunPhase.Score));
        Assert.Equal(57940, plan.In(RunPhase.Update));
        Assert.Equal(0, plan.In(RunPhase.Evaluate));
        Assert.Equal(57040, plan.In(RunPhase.Save));
        Assert.Equal(57940, plan.Peak);
    }

    [Fact]
    public void With_bfloat16_copies_a_trained_weight_takes_20_bytes_and_a_frozen_one_2()
    {
        MemoryPlan plan = TinyPlans.Memory(WeightCopies.BFloat16, narrowFrozen: true);

        Assert.Equal(7632, In(plan, "actor: weights", RunPhase.Update));
        Assert.Equal(15312, In(plan, "gradients", RunPhase.Update));
        Assert.Equal(2544, In(plan, "reference", RunPhase.Update));

        // The engine reads the embedding in float32, and packs from float32 copies.
        Assert.Equal(5320, In(plan, "engine: packed weights", RunPhase.Update));
        Assert.Equal(5458, In(plan, "engine: keys, values, rows", RunPhase.Rollout));
        Assert.Equal(67922, plan.In(RunPhase.Rollout));
    }

    [Fact]
    public void With_rounded_copies_a_trained_weight_takes_20_bytes_too() =>
        Assert.Equal(10176, In(TinyPlans.Memory(WeightCopies.Rounded), "actor: weights", RunPhase.Update));

    [Fact]
    public void Offload_leaves_in_each_phase_what_is_at_work()
    {
        MemoryPlan plan = TinyPlans.Memory(offload: true);

        Assert.Equal(36994, plan.In(RunPhase.Rollout));
        Assert.Equal(1000 + 30624 + 5120 + 5120, plan.In(RunPhase.Score)); // the reward model and its file, which is more than activations
        Assert.Equal(37644, plan.In(RunPhase.Update));
        Assert.Equal(31624, plan.In(RunPhase.Save));
        Assert.Equal(41864, plan.Peak);
    }

    [Fact]
    public void An_evaluation_generates_and_scores()
    {
        MemoryPlan plan = TinyPlans.Memory(offload: true) with { EvaluationEngine = new(Weights: 5000, Cache: 100, Rows: 20) };

        Assert.Equal(1000 + 30624 + 5120 + 5120 + 5000 + 120, plan.In(RunPhase.Evaluate));
    }

    [Fact]
    public void Saving_in_16_bit_copies_a_matrix_at_a_time() =>
        Assert.Equal(160, In(TinyPlans.Memory(storedBytes: 2), "copies to be saved", RunPhase.Save));

    [Fact]
    public void A_copy_of_the_state_takes_12_bytes_a_trained_weight_in_every_phase()
    {
        MemoryPlan plan = TinyPlans.Memory(storedBytes: 2) with { AsyncSave = true };

        Assert.All([RunPhase.Rollout, RunPhase.Score, RunPhase.Update, RunPhase.Save], phase => Assert.Equal(30624, In(plan, "copy of the state (async_save)", phase)));
        Assert.Equal(160, In(plan, "copies to be saved", RunPhase.Update));
        Assert.Equal(57940 + 30624, (TinyPlans.Memory() with { AsyncSave = true }).Peak);
    }

    private static double In(MemoryPlan plan, string name, RunPhase phase) => plan.Items().Single(item => item.Name == name).In(phase);
}
