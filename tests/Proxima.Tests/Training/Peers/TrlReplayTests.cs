namespace Proxima.Tests.Training.Peers;

public sealed class TrlReplayTests
{
    [Theory]
    [MemberData(nameof(TrlRun.Names), MemberType = typeof(TrlRun))]
    public void Recorded_updates_give_the_losses_statistics_and_weights_of_TRL(string name)
    {
        using var run = new TrlRun(name);
        using var replay = new TrlReplay(run);
        int compared = 0;
        for (int update = 1; update <= run.Records.Length; update++)
        {
            replay.Update(update);
            compared += replay.CheckWeights(update) ? 1 : 0;
        }

        Assert.InRange(compared, 1, run.Records.Length);
    }
}
