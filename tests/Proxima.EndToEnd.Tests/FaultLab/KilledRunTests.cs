using System.Globalization;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests.FaultLab;

/// <summary>
/// A run that is killed at random moments and resumed each time ends where an undisturbed one does: weights byte for byte, and every log
/// without a gap or a double line.
/// </summary>
public sealed class KilledRunTests
{
    public static TheoryData<string, string, string[]> Configs => new()
    {
        { "ppo", "config/tiny_resume.json", ["actor", "critic"] },
        { "sft", "config/tiny_resume_sft.json", ["model"] },
    };

    [Theory, Trait("Speed", "Slow")]
    [MemberData(nameof(Configs))]
    public async Task Five_kills_leave_no_trace(string command, string config, string[] models)
    {
        using var folder = new TemporaryRun();
        KilledRuns runs = Of(folder, command, config, models);
        await runs.RunUndisturbedAsync();
        await runs.KillAsync(kills: 5, seed: 1);
    }

    /// <summary>The undisturbed run saves between its steps.</summary>
    [Theory, Trait("Speed", "Slow")]
    [MemberData(nameof(Configs))]
    public async Task Five_kills_leave_no_trace_where_checkpoints_are_written_in_the_background(string command, string config, string[] models)
    {
        using var folder = new TemporaryRun();
        KilledRuns runs = Of(folder, command, config, models, "--async_save", "true");
        await runs.RunUndisturbedAsync();
        await runs.KillAsync(kills: 5, seed: 2);
    }

    /// <summary>Writes the table of docs/reliability.md.</summary>
    [Theory, Trait("Speed", "Long")]
    [MemberData(nameof(Configs))]
    public async Task Ten_runs_with_ten_kills_each_leave_no_trace(string command, string config, string[] models)
    {
        using var folder = new TemporaryRun();
        KilledRuns runs = Of(folder, command, config, models);
        await runs.RunUndisturbedAsync();
        List<string> rows = [];
        for (int run = 1; run <= 10; run++)
        {
            IReadOnlyList<string> phases = await runs.KillAsync(kills: 10, seed: 100 + run);
            string killed = string.Join(", ", phases.GroupBy(phase => phase).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}"));
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| `{command}` {run} | {killed} | equal | equal |"));
            await File.WriteAllLinesAsync(Table(command), rows, TestContext.Current.CancellationToken);
        }
    }

    private static KilledRuns Of(TemporaryRun folder, string command, string config, string[] models, params string[] killedWords) =>
        new(folder, [command, config], models) { Start = CommandLine.StartInfo, Kill = (process, _, _) => process.Kill(), KilledWords = killedWords };

    private static string Table(string command) =>
        Path.Combine(Directory.CreateDirectory(RepositoryPaths.InRepository("artifacts", "fault_lab")).FullName, $"{command}.md");
}
