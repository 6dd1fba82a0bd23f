using System.Globalization;
using Proxima.Core.Display;

namespace Proxima.Dashboard.Terminal;

/// <summary>Another display with every phase and every metric as lines besides: what <c>verbose</c> asks for.</summary>
public sealed class DetailedRunDisplay(IRunDisplay display) : IRunDisplay
{
    public void Note(string line) => display.Note(line);

    public void Begin(int firstStep, int lastStep) => display.Begin(firstStep, lastStep);

    public void Phase(int step, RunPhase phase)
    {
        display.Phase(step, phase);
        display.Note($"step {step}: {phase.ToString().ToLowerInvariant()}");
    }

    public void Step(int step, IReadOnlyDictionary<string, double> metrics)
    {
        display.Step(step, metrics);
        NoteAll(metrics);
    }

    public void Evaluation(int step, IReadOnlyDictionary<string, double> metrics)
    {
        display.Evaluation(step, metrics);
        NoteAll(metrics);
    }

    public void Dispose() => display.Dispose();

    /// <summary>A line for each group of metrics.</summary>
    private void NoteAll(IReadOnlyDictionary<string, double> metrics)
    {
        foreach (IGrouping<string, string> group in metrics.GroupBy(
            pair => pair.Key[..pair.Key.IndexOf('/', StringComparison.Ordinal)],
            pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:g6}")))
        {
            display.Note($"  {string.Join("  ", group)}");
        }
    }
}
