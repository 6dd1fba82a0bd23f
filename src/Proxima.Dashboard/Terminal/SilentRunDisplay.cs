using Proxima.Core.Display;

namespace Proxima.Dashboard.Terminal;

/// <summary>Shows nothing: for the ranks that do not speak for all.</summary>
public sealed class SilentRunDisplay : IRunDisplay
{
    public void Note(string line)
    {
    }

    public void Begin(int firstStep, int lastStep)
    {
    }

    public void Phase(int step, RunPhase phase)
    {
    }

    public void Step(int step, IReadOnlyDictionary<string, double> metrics)
    {
    }

    public void Evaluation(int step, IReadOnlyDictionary<string, double> metrics)
    {
    }

    public void Dispose()
    {
    }
}
