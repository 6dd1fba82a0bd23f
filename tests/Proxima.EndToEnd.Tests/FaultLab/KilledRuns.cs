using System.Diagnostics;
using System.Globalization;

namespace Proxima.EndToEnd.Tests.FaultLab;

/// <summary>Runs a command once undisturbed, then kills it again and again at random moments, resumes it each time, and compares.</summary>
/// <param name="folder">of all runs</param>
/// <param name="words">the command with its settings, without output_dir</param>
/// <param name="models">what the run saves at its end</param>
internal sealed class KilledRuns(TemporaryRun folder, string[] words, string[] models)
{
    private const string Undisturbed = "undisturbed";

    /// <summary>Words → how the command is started.</summary>
    public required Func<string[], ProcessStartInfo> Start { get; init; }

    /// <summary>Kills a process of the run in a folder; it may have ended just before.</summary>
    public required Action<Process, string, Random> Kill { get; init; }

    /// <summary>Further words of the runs that are killed: what they say must make no difference.</summary>
    public string[] KilledWords { get; init; } = [];

    /// <summary>The run that the others are compared with.</summary>
    public Task RunUndisturbedAsync() => RunToItsEndAsync(WordsFor(Undisturbed));

    /// <summary>One run.</summary>
    /// <param name="kills">how often it is killed</param>
    /// <param name="seed">of the moments</param>
    /// <returns>phases that it was killed in</returns>
    public async Task<IReadOnlyList<string>> KillAsync(int kills, int seed)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"killed{seed}");
        string[] resuming = [.. WordsFor(name), .. KilledWords, "--resume_from_checkpoint", "auto"];
        var random = new Random(seed);
        List<string> phases = [];
        bool isAtItsEnd = false;
        while (phases.Count < kills)
        {
            using var run = new KillableCommand(Start(resuming), process => Kill(process, folder[name], random));

            // Half of the moments lie in the first milliseconds of a phase: a save is short.
            TimeSpan delay = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? random.NextDouble() * 15 : random.NextDouble() * 400);
            string? phase = await run.KillAsync(random.Next(1, 12), isAtItsEnd, delay);
            isAtItsEnd |= phase is null;
            if (phase is not null)
            {
                phases.Add(isAtItsEnd ? "end" : phase);
            }
        }

        await RunToItsEndAsync(resuming);
        AssertSame(name);
        return phases;
    }

    private string[] WordsFor(string name) => [.. words, "--output_dir", folder[name], "--verbose", "true"];

    private async Task RunToItsEndAsync(string[] all)
    {
        using var run = new RunningCommand(Start(all));
        (await run.EndAsync()).Expect(0);
    }

    /// <summary>Fails unless a run wrote what the undisturbed one did, but for times.</summary>
    private void AssertSame(string name)
    {
        RunFiles.AssertSameRun(folder, Undisturbed, name, models);
        Assert.Equal(EventFiles.Shown(folder[Undisturbed, "runs"]), EventFiles.Shown(folder[name, "runs"]));
        Assert.Equal(Names(Undisturbed), Names(name));
        foreach (string file in Directory.GetFiles(folder[Undisturbed], "eval_out-*"))
        {
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(folder[name, Path.GetFileName(file)]));
        }

        if (File.Exists(folder[Undisturbed, "samples.jsonl.gz"]))
        {
            Assert.Equal(RunFiles.Samples(folder[Undisturbed, "samples.jsonl.gz"]), RunFiles.Samples(folder[name, "samples.jsonl.gz"]));
        }
    }

    /// <summary>Files and folders of a run: the same checkpoints, and nothing half written.</summary>
    private IEnumerable<string?> Names(string name) =>
        Directory.EnumerateFileSystemEntries(folder[name]).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
