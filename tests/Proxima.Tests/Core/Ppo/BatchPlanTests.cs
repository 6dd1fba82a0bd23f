using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Ppo;

public sealed class BatchPlanTests
{
    [Fact]
    public void The_stories_run_takes_8_optimizer_steps_a_rollout_and_320_in_40_steps()
    {
        PpoCommandSettings settings = new()
        {
            Batch = new() { PerDevicePromptBatchSize = 64, PerDeviceTrainBatchSize = 16, GradientAccumulationSteps = 1 },
            Ppo = new() { UpdateIters = 2 },
            Run = new() { MaxSteps = 40 },
        };

        BatchPlan plan = BatchPlan.Create(settings, trainingPrompts: 324);

        Assert.Equal((64, 4, 1, 4), (plan.SequencesPerRollout, plan.MicroBatchesPerPass, plan.MicroBatchesPerOptimizerStep, plan.OptimizerStepsPerPass));
        Assert.Equal((8, 40, 320L), (plan.OptimizerStepsPerStep, plan.TotalSteps, plan.TotalOptimizerSteps));
        Assert.Equal(6, plan.StepsPerEpoch);
    }

    [Fact]
    public void Without_accumulation_one_optimizer_step_takes_the_whole_rollout()
    {
        PpoCommandSettings settings = new()
        {
            Sampling = new() { NumReturnSequences = 4 },
            Batch = new() { PerDevicePromptBatchSize = 6, PerDeviceTrainBatchSize = 3 },
            Ppo = new() { UpdateIters = 5 },
        };

        BatchPlan plan = BatchPlan.Create(settings, trainingPrompts: 60);

        Assert.Equal((24, 8, 8, 1, 5), (
            plan.SequencesPerRollout, plan.MicroBatchesPerPass, plan.MicroBatchesPerOptimizerStep, plan.OptimizerStepsPerPass, plan.OptimizerStepsPerStep));
    }

    [Theory]
    [InlineData(1.0, 324, 6)]
    [InlineData(2.0, 324, 12)]
    [InlineData(1.5, 324, 9)]
    [InlineData(0.5, 192, 2)]
    [InlineData(0.01, 324, 1)]
    [InlineData(1.0, 64, 1)]
    [InlineData(1.0, 65, 2)]
    [InlineData(1.0, 1, 1)]
    [InlineData(1.1, 640, 11)]
    [InlineData(1e-30, 640, 1)]
    public void Epochs_count_started_batches_and_are_rounded_up_to_steps(double epochs, int prompts, int expectedSteps)
    {
        PpoCommandSettings settings = new()
        {
            Batch = new() { PerDevicePromptBatchSize = 64 },
            Run = new() { NumTrainEpochs = epochs },
        };

        Assert.Equal(expectedSteps, BatchPlan.Create(settings, prompts).TotalSteps);
    }

    [Fact]
    public void Ranks_share_the_prompts_of_an_epoch_but_not_the_rollout()
    {
        PpoCommandSettings settings = new() { Batch = new() { PerDevicePromptBatchSize = 16 } };

        BatchPlan plan = BatchPlan.Create(settings, trainingPrompts: 100, ranks: 4);

        Assert.Equal((64, 16, 2), (plan.GlobalPrompts, plan.SequencesPerRollout, plan.StepsPerEpoch));
    }

    [Fact]
    public void More_steps_than_can_be_counted_are_a_usage_error()
    {
        PpoCommandSettings settings = new() { Run = new() { NumTrainEpochs = 1e6 } };

        Assert.Equal(ExitCode.Usage, Assert.Throws<ProximaException>(() => BatchPlan.Create(settings, 1_000_000)).ExitCode);
    }
}
