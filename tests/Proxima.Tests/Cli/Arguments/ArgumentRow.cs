using Proxima.Core;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>Shows what one argument does.</summary>
/// <param name="Name">the argument</param>
/// <param name="Check">runs and asserts</param>
internal sealed record ArgumentRow(string Name, Func<TinyRuns, Task> Check)
{
    /// <summary>A run without and one with the argument.</summary>
    /// <param name="name">the argument</param>
    /// <param name="value">its value</param>
    /// <param name="check">asserts what differs: the run without it, the run with it</param>
    /// <param name="context">words of both runs</param>
    public static ArgumentRow Of(string name, string value, Action<TinyRun, TinyRun> check, params string[] context) =>
        Of(name, _ => value, check, _ => context);

    /// <summary>A run without and one with the argument, whose words are made of files.</summary>
    public static ArgumentRow Of(
        string name, Func<TinyRuns, string> value, Action<TinyRun, TinyRun> check, Func<TinyRuns, string[]>? context = null) =>
        Custom(name, runs =>
        {
            string[] words = context?.Invoke(runs) ?? [];
            check(Done(runs.Run(words)), Done(runs.Run([.. words, $"--{name}", value(runs)])));
        });

    /// <summary>A row that runs what it needs.</summary>
    public static ArgumentRow Custom(string name, Action<TinyRuns> check) => new(name, runs =>
    {
        check(runs);
        return Task.CompletedTask;
    });

    /// <summary>A run that has to end well.</summary>
    public static TinyRun Done(TinyRun run)
    {
        Assert.True(run.ExitCode == ExitCode.Done, $"exit code {run.ExitCode}\n{run.Output}\n{run.Error}");
        return run;
    }
}
