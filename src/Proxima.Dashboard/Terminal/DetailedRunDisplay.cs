using System.Globalization;
using Proxima.Core.Display;

namespace Proxima.Dashboard.Terminal;

/// <summary>Another display with every setting, phase and metric as lines besides: what <c>verbose</c> asks for.</summary>
/// <param name="display">the other display</param>
/// <param name="settings">lines of the settings, shown before the first step</param>
public sealed class DetailedRunDisplay(IRunDisplay display, IEnumerable<string> settings) : IRunDisplay
{
    public void Note(string line) => display.Note(line);

    public void Begin(int firstStep, int lastStep)
    {
        foreach (string line in settings)
        {
            display.Note(line);
        }

        display.Begin(firstStep, lastStep);
    }

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
