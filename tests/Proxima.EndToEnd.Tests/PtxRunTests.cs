using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Whole runs with a supervised loss beside PPO.</summary>
public sealed class PtxRunTests
{
    [Fact, Trait("Speed", "Slow")]
    public async Task The_supervised_loss_falls_while_the_reward_rises()
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunAsync([.. Words(run, "run"), "--max_steps", "20", "--save_steps", "100", "--per_device_prompt_batch_size", "64", "--ptx_coeff", "1"])).Expect(0);

        SortedDictionary<int, double> loss = run.Metric("run", "ptx/loss");
        SortedDictionary<int, double> score = run.Metric("run", "objective/score_mean");
        Assert.InRange(Mean(loss, 18) / Mean(loss, 1), 0, 0.8);
        Assert.InRange(Mean(score, 18) - Mean(score, 1), 1, double.MaxValue);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_resumed_run_goes_on_with_the_dialogue_where_it_stopped()
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunAsync(Words(run, "whole"))).Expect(0);
        (await CommandLine.RunAsync([.. Words(run, "parts"), "--max_steps", "1"])).Expect(0);
        (await CommandLine.RunAsync([.. Words(run, "parts"), "--resume_from_checkpoint", "auto"])).Expect(0);

        RunFiles.AssertSameRun(run, "whole", "parts");
        Assert.Equal([1, 2, 3], run.Metric("parts", "ptx/loss").Keys);
    }

    /// <summary>Mean of three steps.</summary>
    private static double Mean(SortedDictionary<int, double> metric, int firstStep) =>
        Enumerable.Range(firstStep, 3).Average(step => metric[step]);

    private static string[] Words(TemporaryRun run, string name)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        return
        [
            "ppo", "config/stories_happy.json", "--output_dir", run[name], "--ptx_task_config", "config/task_sft.json", "--do_eval", "false",
            "--eval_reward_function", "none", "--reward_lexicon", "none", "--max_steps", "3", "--save_steps", "1", "--max_seq_len", "128",
            "--per_device_prompt_batch_size", "16", "--num_threads", "1",
        ];
    }
}
