namespace Proxima.Dashboard.Terminal;

/// <summary>What evaluations, or checkpoints, have taken so far.</summary>
internal sealed class MilestoneTime
{
    private double _seconds;
    private int _lastStep;

    /// <summary>Takes in the one after a step.</summary>
    public void Add(int step, double seconds)
    {
        _seconds += seconds;
        _lastStep = step;
    }

    /// <summary>Seconds that those to come will take.</summary>
    /// <param name="firstStep">first step of this process</param>
    /// <param name="lastStep">last step of the run</param>
    public double Left(int firstStep, int lastStep) => _lastStep < firstStep ? 0 : _seconds / (_lastStep - firstStep + 1) * (lastStep - _lastStep);
}
