using Proxima.Core.Display;
using Spectre.Console;

namespace Proxima.Dashboard.Terminal;

/// <summary>One table that stays in place and is drawn anew several times a second; notes scroll above it, each once.</summary>
public sealed class LiveRunDisplay : IRunDisplay
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly IAnsiConsole _console;
    private readonly RunProgress _progress;
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _ended = new();
    private Thread? _painter;

    public LiveRunDisplay(IAnsiConsole console, TimeProvider time)
    {
        _console = console;
        _progress = new RunProgress(time);
    }

    public void Note(string line)
    {
        lock (_lock)
        {
            if (_progress.IsNew(line))
            {
                _console.WriteLine(line);
            }
        }
    }

    public void Begin(int firstStep, int lastStep)
    {
        lock (_lock)
        {
            _progress.Begin(firstStep, lastStep);
        }

        _painter = new Thread(Paint) { IsBackground = true, Name = "live table" };
        _painter.Start();
    }

    public void Phase(int step, RunPhase phase)
    {
        lock (_lock)
        {
            _progress.Enter(step, phase);
        }
    }

    public void Step(int step, IReadOnlyDictionary<string, double> metrics) => Add(new ProgressRow(step, IsEvaluation: false, metrics));

    public void Evaluation(int step, IReadOnlyDictionary<string, double> metrics) => Add(new ProgressRow(step, IsEvaluation: true, metrics));

    public void Dispose()
    {
        _ended.Set();
        _painter?.Join();
        _ended.Dispose();
    }

    private void Add(ProgressRow row)
    {
        lock (_lock)
        {
            _progress.Add(row);
        }
    }

    private void Paint() => _console.Live(new Text("")).Start(context =>
    {
        bool ended;
        do
        {
            ended = _ended.Wait(Refresh);
            lock (_lock)
            {
                context.UpdateTarget(RunTable.Draw(_progress, _console.Profile.Width));
                context.Refresh();
            }
        }
        while (!ended);
    });
}
