using Proxima.Core;
using static Proxima.Tests.Cli.Arguments.ArgumentRow;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>Steps, evaluation, saving and logging.</summary>
internal static class RunRows
{
    private const string Better = "eval/response_length_mean";

    private static readonly string[] Saved = ["--save_strategy", "steps", "--save_steps", "1"];

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        Custom("output_dir", runs =>
        {
            TinyRun run = Done(runs.RunIn(runs.At("here/and/there")));
            Assert.True(File.Exists(run.At("metrics.jsonl")));
            Assert.True(File.Exists(run.At("actor", "model.safetensors")));
        }),
        Custom("overwrite_output_dir", runs =>
        {
            string folder = runs.At("twice");
            Done(runs.RunIn(folder, Saved));
            Assert.Equal(ExitCode.Usage, runs.RunIn(folder).ExitCode);
            TinyRun again = Done(runs.RunIn(folder, "--overwrite_output_dir", "true", "--seed", "7"));
            Assert.Empty(again.Checkpoints);
            Assert.Equal("7", again.Setting("seed"));
        }),
        Custom("resume_from_checkpoint", runs =>
        {
            TinyRun whole = Done(runs.Run(Saved));
            TinyRun rest = Done(runs.Run([.. Saved, "--resume_from_checkpoint", whole.At("checkpoint-1")]));
            Assert.Equal([2], rest.Metrics("objective/score_mean").Keys);
            Assert.Equal(whole.Weights("actor"), rest.Weights("actor"));
        }),
        Of("seed", "7", (before, after) => Assert.NotEqual(before.Samples()[0].Response, after.Samples()[0].Response)),
        Of("max_steps", "3", (before, after) => Assert.Equal((2, 3), (before.LastStep, after.LastStep))),
        Of("num_train_epochs", "0.4", (before, after) => Assert.Equal((3, 2), (before.LastStep, after.LastStep)), "--max_steps", "-1"),
        Of("eval_steps", _ => "2", (before, after) =>
        {
            Assert.Equal([0, 1, 2], before.EvaluatedSteps);
            Assert.Equal([0, 2], after.EvaluatedSteps);
        }, runs => runs.Evaluated),
        Of("evaluation_strategy", _ => "epoch", (before, after) =>
        {
            Assert.Equal([0, 1, 2, 3, 4], before.EvaluatedSteps);
            Assert.Equal([0, 3], after.EvaluatedSteps); // 12 prompts are three steps
        }, runs => [.. runs.Evaluated, "--max_steps", "4"]),
        Of("eval_at_start", _ => "false", (_, after) => Assert.Equal([1, 2], after.EvaluatedSteps), runs => runs.Evaluated),
        Of("max_evaluate_steps", _ => "2", (before, after) => Assert.Equal((6, 4), (before.Evaluation(0).Count, after.Evaluation(0).Count)),
            runs => [.. runs.Evaluated, "--per_device_eval_batch_size", "2"]),
        Of("eval_num_return_sequences", _ => "2", (before, after) =>
        {
            Assert.Equal((6, 12), (before.Evaluation(0).Count, after.Evaluation(0).Count));
            Assert.All(after.Evaluation(0).Chunk(2), pair => Assert.Equal(pair[0].Prompt, pair[1].Prompt));
        }, runs => runs.Evaluated),
        Of("eval_seed", _ => "9", (before, after) =>
        {
            Assert.NotEqual(before.Evaluation(0), after.Evaluation(0));
            Assert.Equal(before.Weights("actor"), after.Weights("actor")); // training does not notice
        }, runs => runs.Evaluated),
        Of("save_strategy", "no", (before, after) =>
        {
            Assert.Equal([3, 4], before.Checkpoints); // after the epoch and at the end
            Assert.Empty(after.Checkpoints);
        }, "--max_steps", "4", "--save_strategy", "epoch"),
        Of("save_steps", "2", (before, after) =>
        {
            Assert.Equal([1, 2, 3], before.Checkpoints);
            Assert.Equal([2, 3], after.Checkpoints);
        }, [.. Saved, "--max_steps", "3"]),
        Of("save_total_limit", "1", (before, after) =>
        {
            Assert.Equal([1, 2], before.Checkpoints);
            Assert.Equal([2], after.Checkpoints);
        }, Saved),

        // The copy is taken when the step is over, and training goes on with the original.
        Of("async_save", "true", (before, after) =>
        {
            Assert.Equal([1, 2, 3], after.Checkpoints);
            foreach (string file in new[] { "actor/model.safetensors", "critic/model.safetensors", "critic/config.json", "optimizer-rank0.safetensors" })
            {
                Assert.All(after.Checkpoints, step => Assert.Equal(File.ReadAllBytes(before.At($"checkpoint-{step}", file)), File.ReadAllBytes(after.At($"checkpoint-{step}", file))));
            }

            Assert.Equal(before.Weights("actor"), after.Weights("actor"));
        }, [.. Saved, "--max_steps", "3"]),

        // Nothing ends a response, so no evaluation is better than the first.
        Of("load_best_model_at_end", _ => "true", (before, after) =>
        {
            SortedDictionary<string, float[]> start = TinyRun.WeightsOf(TinyRuns.Actor);
            Assert.NotEqual(start, before.Weights("actor"));
            Assert.Equal(start, after.Weights("actor"));
            Assert.Contains("was at step 0; its weights are the run's result", after.Output, StringComparison.Ordinal);
        }, runs => [.. runs.Evaluated, "--ignore_eos", "true", "--metric_for_best_model", Better]),
        Of("metric_for_best_model", _ => Better, (before, after) =>
        {
            Assert.Contains("the best eval/reward_mean", before.Output, StringComparison.Ordinal);
            Assert.Contains($"the best {Better}, 8.0000, was at step 0", after.Output, StringComparison.Ordinal);
        }, runs => [.. runs.Evaluated, "--ignore_eos", "true", "--load_best_model_at_end", "true"]),
        Of("early_stopping_patience", _ => "2", (before, after) => Assert.Equal((4, 2), (before.LastStep, after.LastStep)),
            runs => [.. runs.Evaluated, "--ignore_eos", "true", "--max_steps", "4", "--metric_for_best_model", Better]),
        Of("stop_after_minutes", "1e-6", (before, after) =>
        {
            Assert.Equal((2, 0), (before.LastStep, after.LastStep));
            Assert.Equal([0], after.Checkpoints);
        }),
        Of("logging_steps", "2", (before, after) =>
        {
            Assert.Equal([1, 2], before.Metrics("policy/loss").Keys);
            Assert.Equal(before.Metrics("objective/score_mean").Values.Average(), after.Metric("objective/score_mean", 2), 1e-12);
            Assert.Equal([2], after.Metrics("policy/loss").Keys);
        }),
        Of("report_to", "none", (before, after) =>
        {
            Assert.Single(Directory.GetFiles(before.At("runs"), "events.out.tfevents.*"));
            Assert.False(Directory.Exists(after.At("runs")));
        }),
        Custom("logging_dir", runs =>
        {
            TinyRun run = Done(runs.Run("--logging_dir", runs.At("events")));
            Assert.False(Directory.Exists(run.At("runs")));
            Assert.Single(Directory.GetFiles(runs.At("events"), "events.out.tfevents.*"));
        }),
        Of("log_samples_per_step", "1", (before, after) => Assert.Equal((4, 1), (before.Samples().Count, after.Samples().Count))),
        Of("dashboard", "true", (before, after) =>
        {
            Assert.DoesNotContain("dashboard: ", before.Output, StringComparison.Ordinal);
            Assert.Contains("dashboard: http://127.0.0.1:", after.Output, StringComparison.Ordinal);
        }),
        Of("verbose", "true", (before, after) =>
        {
            Assert.DoesNotContain("policy/ratio_max", before.Output, StringComparison.Ordinal);
            Assert.Contains("policy/ratio_max", after.Output, StringComparison.Ordinal);
            Assert.Contains("max_grad_norm = 1", after.Output, StringComparison.Ordinal);
        }),
    ];
}
