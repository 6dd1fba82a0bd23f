using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Ctrl-C, SIGTERM and a limit of time: the run saves where it is, ends with a code that says so, and can go on as if nothing had been.</summary>
public sealed class SignalTests
{
    [Theory, Trait("Speed", "Slow")]
    [InlineData("TERM", 143, "\"step\":2,")]
    [InlineData("INT", 130, "\"step\":1,")]
    [InlineData("TERM", 143, "")]
    public async Task A_stopped_run_goes_on_to_the_end_of_an_uninterrupted_one(string signal, int exitCode, string afterLine)
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunAsync(Words(run, "whole"))).Expect(0);
        using (RunningCommand command = CommandLine.Start(Words(run, "parts")))
        {
            await command.UntilAsync(() => IsIn(run, afterLine), $"a metrics line with {afterLine}");
            await command.SignalAsync(signal);
            CommandResult result = (await command.EndAsync()).Expect(exitCode);
            Assert.Contains("go on with --resume_from_checkpoint auto", result.Output, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(run["parts", "actor"]), "the run was at its end before the signal came");
        Assert.NotEmpty(Directory.GetDirectories(run["parts"], "checkpoint-*"));
        (await CommandLine.RunAsync([.. Words(run, "parts"), "--resume_from_checkpoint", "auto"])).Expect(0);
        RunFiles.AssertSameRun(run, "whole", "parts");
        Assert.Equal(RunFiles.Samples(run["whole", "samples.jsonl.gz"]), RunFiles.Samples(run["parts", "samples.jsonl.gz"]));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_run_whose_time_is_over_goes_on_to_the_end_of_one_without_a_limit()
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunAsync(Words(run, "whole"))).Expect(0);

        // The time is over as soon as the models are there.
        CommandResult result = (await CommandLine.RunAsync([.. Words(run, "parts"), "--stop_after_minutes", "1e-6"])).Expect(0);

        Assert.Contains($"stop_after_minutes has passed: saved {run["parts", "checkpoint-0"]}; go on with --resume_from_checkpoint auto", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run["parts", "actor"]));
        (await CommandLine.RunAsync([.. Words(run, "parts"), "--resume_from_checkpoint", "auto", "--stop_after_minutes", "60"])).Expect(0);
        RunFiles.AssertSameRun(run, "whole", "parts");
    }

    [Fact]
    public async Task A_run_without_checkpoints_is_saved_too_when_it_is_stopped()
    {
        using var run = new TemporaryRun();
        using RunningCommand command = CommandLine.Start([.. Words(run, "run"), "--save_strategy", "no"]);
        await command.UntilAsync(() => IsIn(run, "\"step\":1,", "run"), "the first step");
        await command.SignalAsync("TERM");

        (await command.EndAsync()).Expect(143);
        Assert.Single(Directory.GetDirectories(run["run"], "checkpoint-*"));
    }

    [Fact]
    public async Task A_second_signal_ends_the_process_at_once()
    {
        using var run = new TemporaryRun();
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, text => text.Length));

        // The update after the first scores would take hours, and an update is finished before a run stops.
        using RunningCommand command = CommandLine.Start(
            [.. Words(run, "run"), "--reward_model_name_or_path", "none", "--reward_server", server.Address, "--do_eval", "false", "--update_iters", "100000"]);
        await command.UntilAsync(() => server.Calls > 0, "the first scores");
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        await command.SignalAsync("TERM");
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.False(command.HasEnded, "the first signal ended the process within an update");
        long started = Stopwatch.GetTimestamp();
        await command.SignalAsync("TERM");

        (await command.EndAsync()).Expect(143);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
        Assert.Empty(Directory.GetDirectories(run["run"], "checkpoint-*"));
    }

    private static bool IsIn(TemporaryRun run, string text, string name = "parts")
    {
        string path = run[name, "metrics.jsonl"];
        if (!File.Exists(path))
        {
            return false;
        }

        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }

    private static string[] Words(TemporaryRun run, string name)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        return
        [
            "ppo", "config/stories_happy.json", "--output_dir", run[name], "--max_steps", "6", "--eval_steps", "2", "--save_steps", "100",
            "--per_device_prompt_batch_size", "32", "--num_threads", "1",
        ];
    }
}
