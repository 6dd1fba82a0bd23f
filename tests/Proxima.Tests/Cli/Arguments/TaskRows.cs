using Proxima.Core;
using static Proxima.Tests.Cli.Arguments.ArgumentRow;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>Tasks, data and models.</summary>
internal static class TaskRows
{
    private const string Mia = "{\"src\": [\"Mia had a red ball and\"], \"tgt\": []}";

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        Of("train_task_config", runs => runs.Task("mia", [Mia]), (before, after) =>
        {
            Assert.DoesNotContain(before.Samples(), sample => sample.Prompt.StartsWith("Mia", StringComparison.Ordinal));
            Assert.All(after.Samples(), sample => Assert.Equal("Mia had a red ball and", sample.Prompt));
        }),
        Of("eval_task_config", runs => runs.Task("mia", [Mia]), (before, after) =>
        {
            Assert.Equal((6, 1), (before.Evaluation(0).Count, after.Evaluation(0).Count));
            Assert.Equal("Mia had a red ball and", after.Evaluation(0)[0].Prompt);
        }, runs => runs.Evaluated),
        Of("ptx_task_config", runs => runs.Task("ptx", ["{\"src\": [\"Who are you?\"], \"tgt\": [\"A robot.\"]}"]), (before, after) =>
        {
            Assert.Empty(before.Metrics("ptx/loss"));
            Assert.True(after.Metric("ptx/loss", 2) < after.Metric("ptx/loss"));
        }),
        Of("do_train", _ => "false", (before, after) =>
        {
            Assert.True(Directory.Exists(before.At("actor")));
            Assert.False(Directory.Exists(after.At("actor")));
            Assert.Equal([0], after.EvaluatedSteps);
            Assert.Equal(0, after.LastStep);
        }, runs => runs.Evaluated),
        Of("do_eval", _ => "true", (before, after) =>
        {
            Assert.Empty(before.EvaluatedSteps);
            Assert.Equal([0], after.EvaluatedSteps);
        }, runs => runs.Evaluated[2..4]),
        Custom("skip_invalid_data", runs =>
        {
            string[] words = ["--train_task_config", runs.Task("broken", [Mia, "{\"src\": 1}", Mia])];
            TinyRun before = runs.Run(words);
            Assert.Equal(ExitCode.Data, before.ExitCode);
            Assert.Contains("broken.jsonl:2", before.Error, StringComparison.Ordinal);
            Assert.Contains("1 of 3 lines skipped", Done(runs.Run([.. words, "--skip_invalid_data", "true"])).Output, StringComparison.Ordinal);
        }),

        Custom("actor_model_name_or_path", runs =>
        {
            TinyRun before = Done(runs.Run());
            TinyRun after = Done(runs.Run("--actor_model_name_or_path", before.At("actor")));
            Assert.NotEqual(before.Samples()[0].LogProbs, after.Samples()[0].LogProbs);
            Assert.Equal(after.Samples()[0].LogProbs, after.Samples()[0].RefLogProbs); // the reference is the same model
        }),
        Custom("reward_model_name_or_path", runs =>
        {
            TinyRun before = Done(runs.Run());
            TinyRun after = Done(runs.Run("--reward_model_name_or_path", before.At("critic")));
            Assert.Equal(before.Samples()[0].Response, after.Samples()[0].Response);
            Assert.NotEqual(before.Samples()[0].Score, after.Samples()[0].Score);
            Assert.NotEqual(before.Samples()[0].Values, after.Samples()[0].Values); // it is the first critic too
        }),
        Custom("critic_model_name_or_path", runs =>
        {
            TinyRun before = Done(runs.Run());
            TinyRun after = Done(runs.Run("--critic_model_name_or_path", before.At("critic")));
            Assert.Equal(before.Samples()[0].Score, after.Samples()[0].Score);
            Assert.NotEqual(before.Samples()[0].Values, after.Samples()[0].Values);
        }),
        Custom("follow_model_links", runs =>
        {
            string cache = Directory.CreateDirectory(runs.At("cache_of_links")).FullName;
            foreach (string file in Directory.GetFiles(TinyRuns.Actor))
            {
                File.CreateSymbolicLink(Path.Combine(cache, Path.GetFileName(file)), Path.GetFullPath(file));
            }

            string[] words = ["--actor_model_name_or_path", cache];
            TinyRun before = runs.Run(words);
            Assert.Equal(ExitCode.Data, before.ExitCode);
            Assert.Contains("is a symbolic link to", before.Error, StringComparison.Ordinal);
            Assert.Equal(Done(runs.Run()).Weights("actor"), Done(runs.Run([.. words, "--follow_model_links", "true"])).Weights("actor"));
        }),
    ];
}
