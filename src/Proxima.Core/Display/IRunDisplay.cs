namespace Proxima.Core.Display;

/// <summary>What a person watching a run sees: a live table on a terminal, plain lines elsewhere.</summary>
public interface IRunDisplay : IDisposable
{
    /// <summary>A fact or a warning, once.</summary>
    public void Note(string line);

    /// <summary>The run is about to take its first step.</summary>
    /// <param name="firstStep">number of the first step to take</param>
    /// <param name="lastStep">number of the last</param>
    public void Begin(int firstStep, int lastStep);

    /// <summary>A phase of a step begins.</summary>
    public void Phase(int step, RunPhase phase);

    /// <summary>A step's metrics, after each step that is logged.</summary>
    public void Step(int step, IReadOnlyDictionary<string, double> metrics);

    /// <summary>An evaluation's metrics.</summary>
    public void Evaluation(int step, IReadOnlyDictionary<string, double> metrics);
}
