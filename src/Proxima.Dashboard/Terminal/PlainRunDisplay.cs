using System.Globalization;
using Proxima.Core.Display;

namespace Proxima.Dashboard.Terminal;

/// <summary>One line a logged step and one an evaluation, for files and pipes. A note is written once.</summary>
public sealed class PlainRunDisplay(TextWriter output, TimeProvider time) : IRunDisplay
{
    private readonly RunProgress _progress = new(time);

    public void Note(string line)
    {
        if (_progress.IsNew(line))
        {
            output.WriteLine(line);
        }
    }

    public void Begin(int firstStep, int lastStep) => _progress.Begin(firstStep, lastStep);

    public void Phase(int step, RunPhase phase) => _progress.Enter(step, phase);

    public void Step(int step, IReadOnlyDictionary<string, double> metrics)
    {
        string left = _progress.Remaining is { } remaining && remaining > TimeSpan.Zero
            ? $"  ETA {remaining.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s"
            : "";
        Write($"step {step}/{_progress.LastStep}", new ProgressRow(step, IsEvaluation: false, metrics), left);
    }

    public void Evaluation(int step, IReadOnlyDictionary<string, double> metrics) =>
        Write($"eval {step}", new ProgressRow(step, IsEvaluation: true, metrics), "");

    public void Dispose() => output.Flush();

    private void Write(string head, ProgressRow row, string tail)
    {
        IEnumerable<string> cells = MetricColumn.All
            .Select(column => (column.Title, Cell: column.Cell(row)))
            .Where(pair => pair.Cell.Length > 0)
            .Select(pair => $"{pair.Title} {pair.Cell}");
        output.WriteLine($"{head}  {string.Join("  ", cells)}{tail}");
    }
}
