using Proxima.Cli.Plan;
using Proxima.Core.Settings;
using Proxima.Training.Planning;

namespace Proxima.Tests.Cli.Plan;

public sealed class PlanRefusalsTests
{
    private static readonly DiskPlan Small = new(Checkpoint: 1e9, Models: 1e8, Saved: 2, Kept: 2, Highest: 2.1e9);
    private static readonly PpoCommandSettings Settings = new()
    {
        Batch = new BatchSettings { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 2 },
        Run = new RunSettings { OutputDir = "runs/big" },
    };

    [Fact]
    public void What_fits_is_not_refused() => Assert.Empty(Refusals(8e9, 1e12, peak: 7e9, Small, _ => throw new InvalidOperationException("nobody asks")));

    [Fact]
    public void Settings_that_make_it_fit_are_named_alone_before_together()
    {
        string line = Assert.Single(Refusals(8e9, 1e12, peak: 12e9, Small, Peak));

        Assert.Equal(
            "the run needs 12.00 GB of memory, and there are 8.00 GB. It would fit with: bf16 true (8.00 GB); "
            + "or per_device_train_batch_size 1 with gradient_accumulation_steps 8 and recompute true (7.00 GB); "
            + "or per_device_train_batch_size 1 with gradient_accumulation_steps 8 and bf16 true (5.00 GB); or recompute true and bf16 true (6.00 GB).",
            line);

        static double Peak(PpoCommandSettings settings)
        {
            Assert.True(settings.Batch.PerDeviceTrainBatchSize * settings.Batch.GradientAccumulationSteps == 8, "the optimizer step stays as large");
            return 12e9 - (settings.Batch.PerDeviceTrainBatchSize == 1 ? 3e9 : 0) - (settings.Machine is { Recompute: true, CriticRecompute: true } ? 2e9 : 0) - (settings.Machine.Bf16 ? 4e9 : 0);
        }
    }

    [Fact]
    public void A_copy_of_the_state_is_the_first_thing_to_leave_out()
    {
        PpoCommandSettings settings = Settings with { Run = Settings.Run with { AsyncSave = true } };

        string line = Assert.Single(new PlanRefusals(8e9, 1e12, ranks: 1).Of(settings, 9e9, Small, changed => changed.Run.AsyncSave ? 9e9 : 7e9));

        Assert.Contains("It would fit with: async_save false (7.00 GB); or ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_helps_it_says_so() =>
        Assert.EndsWith("No setting makes it fit: take smaller models, shorter sequences, or another machine.", Assert.Single(Refusals(8e9, 1e12, 12e9, Small, _ => 9e9)), StringComparison.Ordinal);

    [Theory]
    [InlineData(1.5e9, "Not even one checkpoint fits beside the next")]
    [InlineData(4.1e9, "It would fit with save_total_limit 3.")]
    public void A_disk_that_is_too_small_is_named(double free, string cure)
    {
        DiskPlan many = Small with { Saved = 9, Kept = 9, Highest = 9.1e9 };

        string line = Assert.Single(Refusals(8e9, free, peak: 1, many, _ => 1));

        Assert.StartsWith("the run writes up to 9.10 GB, and output_dir = runs/big has", line, StringComparison.Ordinal);
        Assert.Contains(cure, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public void Several_ranks_are_told_to_divide_the_weights(int ranks, bool isTold)
    {
        string line = Assert.Single(Refusals(8e9, 1e12, peak: 12e9, Small, settings => settings.Machine.Sharding == Sharding.Stage3 ? 5e9 : 9e9, ranks));

        Assert.Equal(isTold, line.Contains("It would fit with: sharding stage3 (5.00 GB)", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Refusals(double memory, double disk, double peak, DiskPlan files, Func<PpoCommandSettings, double> peakWith, int ranks = 1) =>
        [.. new PlanRefusals(memory, disk, ranks).Of(Settings, peak, files, peakWith)];
}
