namespace Proxima.EndToEnd.Tests.FaultLab;

/// <summary>A newest checkpoint that was cut, changed or half removed is passed over with a line, and the run ends as if it had never been.</summary>
public sealed class DamagedCheckpointTests(DamagedCheckpointTests.WholeRun whole) : IClassFixture<DamagedCheckpointTests.WholeRun>
{
    private static readonly string[] Words =
        ["ppo", "config/tiny_resume.json", "--max_steps", "6", "--ptx_task_config", "", "--do_eval", "false", "--load_best_model_at_end", "false", "--lr_scheduler_type", "constant"];

    private readonly TemporaryRun _folder = whole.Folder;

    public static TheoryData<string, string> Damages => new()
    {
        { "cut", "actor/model.safetensors has " },
        { "flipped", "the content of optimizer-rank0.safetensors is not what was saved" },
        { "removed", "trainer_state.json is missing" },
        { "torn_manifest", "manifest.json is damaged (" },
        { "no_manifest", "manifest.json is missing" },
    };

    [Theory, Trait("Speed", "Slow")]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_checkpoint_is_passed_over(string damage, string reason)
    {
        string run = whole.Copy(damage);
        Damage(_folder[run, "checkpoint-6"], damage);

        CommandResult result = await RunAsync(_folder, run, "--resume_from_checkpoint", "auto");

        Assert.Contains($"{_folder[run, "checkpoint-6"]} is not whole and is passed over: {reason}", result.Output, StringComparison.Ordinal);
        Assert.Contains($"going on from {_folder[run, "checkpoint-4"]}, after step 4", result.Output, StringComparison.Ordinal);
        RunFiles.AssertSameRun(_folder, WholeRun.Name, run);
        Assert.True(Directory.Exists(_folder[run, "superseded-checkpoint-6"]));
        Assert.True(Directory.Exists(_folder[run, "checkpoint-6"]));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Where_no_checkpoint_is_whole_nothing_is_lost_and_nothing_begins_anew()
    {
        string run = whole.Copy("none_whole");
        foreach (string checkpoint in Directory.GetDirectories(_folder[run], "checkpoint-*"))
        {
            Damage(checkpoint, "flipped");
        }

        CommandResult result = (await CommandLine.RunAsync([.. Words, "--output_dir", _folder[run], "--resume_from_checkpoint", "auto"])).Expect(3);

        Assert.Contains($"none of the 3 checkpoints in {_folder[run]} is whole", result.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder[WholeRun.Name, "metrics.jsonl"]), File.ReadAllText(_folder[run, "metrics.jsonl"]));
        Assert.Equal(3, Directory.GetDirectories(_folder[run], "checkpoint-*").Length);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_run_that_goes_on_from_an_earlier_checkpoint_takes_a_course_of_its_own()
    {
        string run = whole.Copy("branch");

        await RunAsync(_folder, run, "--resume_from_checkpoint", _folder[run, "checkpoint-2"], "--learning_rate", "1e-3");

        Assert.Equal([2, 4, 6], _folder.Metric(run, "time/save_s").Keys);
        Assert.True(Directory.Exists(_folder[run, "superseded-checkpoint-4"]));
        Assert.NotEqual(
            File.ReadAllBytes(_folder[run, "superseded-checkpoint-4", "actor", "model.safetensors"]), File.ReadAllBytes(_folder[run, "checkpoint-4", "actor", "model.safetensors"]));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_second_run_in_the_same_folder_is_refused()
    {
        using var folder = new TemporaryRun();
        using RunningCommand first = CommandLine.Start([.. Words, "--output_dir", folder["run"], "--max_steps", "1000", "--save_steps", "1"]);
        await first.UntilAsync(() => Directory.Exists(folder["run"]) && Directory.GetDirectories(folder["run"], "checkpoint-*").Length > 0, "a checkpoint");

        CommandResult second = (await CommandLine.RunAsync([.. Words, "--output_dir", folder["run"], "--resume_from_checkpoint", "auto"])).Expect(2);

        Assert.Contains($"output_dir = {folder["run"]} is in use by another run", second.Error, StringComparison.Ordinal);
        Assert.False(first.HasEnded, "the first run was disturbed");
    }

    private static async Task<CommandResult> RunAsync(TemporaryRun folder, string name, params string[] more) =>
        (await CommandLine.RunAsync([.. Words, "--output_dir", folder[name], .. more])).Expect(0);

    private static void Damage(string checkpoint, string damage)
    {
        string optimizer = Path.Combine(checkpoint, "optimizer-rank0.safetensors");
        string manifest = Path.Combine(checkpoint, "manifest.json");
        switch (damage)
        {
            case "cut":
                Cut(Path.Combine(checkpoint, "actor", "model.safetensors"));
                break;
            case "flipped":
                byte[] bytes = File.ReadAllBytes(optimizer);
                bytes[^1000] ^= 1;
                File.WriteAllBytes(optimizer, bytes);
                break;
            case "removed":
                File.Delete(Path.Combine(checkpoint, "trainer_state.json"));
                break;
            case "torn_manifest":
                Cut(manifest);
                break;
            case "no_manifest":
                File.Delete(manifest);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "no such damage");
        }
    }

    private static void Cut(string file)
    {
        using FileStream stream = File.OpenWrite(file);
        stream.SetLength(stream.Length / 2);
    }

    /// <summary>A run to its end, made once; the tests work on copies.</summary>
    public sealed class WholeRun : IAsyncLifetime
    {
        public const string Name = "whole";

        internal TemporaryRun Folder { get; } = new();

        public async ValueTask InitializeAsync() => await RunAsync(Folder, Name);

        /// <summary>Copies the run.</summary>
        /// <returns>name of the copy</returns>
        public string Copy(string name)
        {
            foreach (string file in Directory.EnumerateFiles(Folder[Name], "*", SearchOption.AllDirectories))
            {
                string target = Folder[name, Path.GetRelativePath(Folder[Name], file)];
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            return name;
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
