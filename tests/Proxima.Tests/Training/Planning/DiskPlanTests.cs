using Proxima.Core.Settings;
using Proxima.Training;
using Proxima.Training.Planning;

namespace Proxima.Tests.Training.Planning;

/// <summary>Models of 5,088 and 5,120 bytes and 12 bytes for each of 2,552 weights: 40,832 a checkpoint.</summary>
public sealed class DiskPlanTests
{
    [Theory]
    [InlineData(null, false, 3, 3, 132704)] // after steps 4, 8 and 10, and 10,208 at the end
    [InlineData(1, false, 3, 1, 81664)] // the second is whole before the first goes
    [InlineData(1, true, 3, 2, 122496)]
    [InlineData(5, false, 3, 3, 132704)]
    public void Checkpoints_are_counted_as_they_are_kept(int? limit, bool keepsBest, int saved, int kept, double highest)
    {
        DiskPlan plan = Of(new RunSettings { SaveSteps = 4, SaveTotalLimit = limit, LoadBestModelAtEnd = keepsBest });

        Assert.Equal(40832, plan.Checkpoint);
        Assert.Equal(10208, plan.Models);
        Assert.Equal((saved, kept, highest), (plan.Saved, plan.Kept, plan.Highest));
    }

    [Fact]
    public void Without_checkpoints_the_models_of_the_end_remain() =>
        Assert.Equal(10208, Of(new RunSettings { SaveStrategy = IntervalStrategy.No }).Highest);

    private static DiskPlan Of(RunSettings run) =>
        DiskPlan.Of(TinyPlans.Size(), TinyPlans.Size(), run, new StepCalendar(run, lastStep: 10, stepsPerEpoch: 5), steps: 10);
}
