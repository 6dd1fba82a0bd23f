using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Proxima.Core.Metrics;
using Proxima.Core.Runs;
using Proxima.Dashboard.Web;

namespace Proxima.Cli.Runs;

/// <summary>What a finished run of <c>ppo</c> has changed, and what can be done with it.</summary>
internal static partial class RunSummary
{
    private const int ShownPrompts = 2;
    private const int ShownCharacters = 160;
    private const int EndsOfRun = 10;

    private static readonly (string Name, string Metric)[] Numbers =
    [
        ("reward", MetricNames.ObjectiveScoreMean), ("KL per answer", MetricNames.ObjectiveKlPerSeq), ("length", MetricNames.RolloutResponseLengthMean),
        ("reward, held out", MetricNames.EvalRewardMean), ("gold, held out", MetricNames.EvalGoldMean),
    ];

    /// <summary>Numbers and answers before and after, lights that are not good, next steps.</summary>
    /// <param name="folder">the run's</param>
    /// <param name="before">the actor that it started from</param>
    /// <param name="output">where it is printed</param>
    public static void Write(RunFolder folder, string before, TextWriter output)
    {
        var metrics = new MetricsFollower(folder.MetricsPath);
        metrics.Refresh();
        output.WriteLine("\nfrom the beginning to the end of the run:");
        foreach ((string name, string metric) in Numbers)
        {
            if (metrics.Series.TryGetValue(metric, out MetricSeries? series) && series.Values.Any(float.IsFinite))
            {
                double[] values = [.. series.Values.Where(float.IsFinite).Select(value => (double)value)];
                int ends = metric.StartsWith("eval/", StringComparison.Ordinal) ? 1 : Math.Max(1, values.Length / EndsOfRun);
                output.WriteLine($"  {name,-18}{Number(values.Take(ends).Average()),10} → {Number(values.TakeLast(ends).Average())}");
            }
        }

        WriteAnswers(folder, output);
        foreach (HealthLight light in RunHealth.Examine(metrics.Series).Where(light => light.Level is HealthLevel.Watch or HealthLevel.Alarm))
        {
            string sign = light.Level == HealthLevel.Alarm ? "something is probably wrong" : "worth a look";
            output.WriteLine($"health: {light.Id}, {sign} ({Number(light.Value ?? double.NaN)}); docs/troubleshooting.md tells what to do");
        }

        output.WriteLine("next:");
        output.WriteLine($"  look at it      proxima dashboard {folder.FullPath}");
        output.WriteLine($"  talk to it      proxima generate --model_name_or_path {folder.ActorPath}");
        output.WriteLine($"  measure it      proxima eval --model_name_or_path {folder.ActorPath} --compare_model_name_or_path {before} --eval_task_config TASK.json --reward_function NAME");
    }

    /// <summary>The answers of the first and of the last evaluation to the same prompts, where there were two; those that changed first.</summary>
    private static void WriteAnswers(RunFolder folder, TextWriter output)
    {
        (int Step, string Path)[] files =
        [
            .. Directory.EnumerateFiles(folder.FullPath).Select(path => (Match: EvaluationFile().Match(Path.GetFileName(path)), path)).Where(pair => pair.Match.Success)
                .Select(pair => (Step: int.Parse(pair.Match.Groups["step"].Value, CultureInfo.InvariantCulture), pair.path)).OrderBy(pair => pair.Step),
        ];
        if (files.Length < 2)
        {
            return;
        }

        output.WriteLine($"answers of the evaluations after step {files[0].Step} and step {files[^1].Step}:");
        foreach ((Answer first, Answer last) in Answers(files[0].Path).Zip(Answers(files[^1].Path))
            .Where(pair => pair.First.Prompt == pair.Second.Prompt).OrderBy(pair => pair.First.Response == pair.Second.Response).Take(ShownPrompts))
        {
            output.WriteLine($"  > {Shortened(first.Prompt)}");
            output.WriteLine($"    before {Number(first.Reward),8}  {Shortened(first.Response)}");
            output.WriteLine($"    after  {Number(last.Reward),8}  {Shortened(last.Response)}");
        }
    }

    private static IEnumerable<Answer> Answers(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            yield return new Answer(root.GetProperty("prompt").GetString()!, root.GetProperty("response").GetString()!, root.GetProperty("reward").GetDouble());
        }
    }

    /// <summary>A text on one line.</summary>
    private static string Shortened(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > ShownCharacters ? $"{line[..ShownCharacters]} …" : line;
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private sealed record Answer(string Prompt, string Response, double Reward);

    [GeneratedRegex("^eval_out-step(?<step>[0-9]+)-rank0\\.jsonl$", RegexOptions.CultureInvariant)]
    private static partial Regex EvaluationFile();
}
