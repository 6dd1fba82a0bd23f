using System.Globalization;
using System.Text;
using System.Text.Json;
using Proxima.Core.Runs;

namespace Proxima.Browser.Tests;

/// <summary>Writes run folders as a run does.</summary>
internal static class RecordedRuns
{
    private static readonly string[] Metrics =
    [
        "objective/kl_per_seq", "objective/kl_per_token", "objective/score_mean", "objective/score_std", "objective/entropy_per_token", "policy/loss", "policy/clip_fraction",
        "policy/grad_norm", "critic/loss", "critic/explained_variance", "rollout/response_length_mean", "rollout/distinct_2", "rollout/logprob_gap_mean", "time/rollout_s",
        "time/score_s", "time/update_s", "throughput/rollout_tokens_per_s", "memory/resident_gb",
    ];

    private static readonly string[] Words = ["the", "little", "girl", "went", "to", "a", "park", "and", "saw", "big", "dog", "who", "was", "sad", "happy", "tree", "smiled"];

    /// <summary>A run with curves of every kind, samples of each step and the reference's answers.</summary>
    /// <param name="folder">its output folder</param>
    /// <param name="steps">logged steps</param>
    /// <param name="samplesPerStep">samples of each of them</param>
    /// <param name="seed">of the numbers</param>
    public static void Write(string folder, int steps, int samplesPerStep, int seed)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        File.WriteAllText(Path.Combine(folder, RunFolder.ConfigName), string.Create(CultureInfo.InvariantCulture, $$"""{"learning_rate": {{seed}}e-5, "max_steps": {{steps}}, "kl_coeff": 0.1, "seed": {{seed}}}"""));
        using (StreamWriter metrics = new(Path.Combine(folder, RunFolder.MetricsName)))
        {
            for (int step = 1; step <= steps; step++)
            {
                metrics.Write(Line(step, steps, random));
            }
        }

        for (int step = 0; step <= steps; step++)
        {
            IEnumerable<string> lines = Enumerable.Range(0, samplesPerStep).Select(i => Sample(step, i, step / (double)steps, random));
            GzipLines.Append(Path.Combine(folder, RunFolder.SamplesName), Encoding.UTF8.GetBytes(string.Concat(lines)));
        }
    }

    /// <summary>The line of a step: the KL rises beyond what is healthy, the score rises, the rest wanders.</summary>
    public static string Line(int step, int steps, Random random)
    {
        double share = step / (double)steps;
        Dictionary<string, double> numbers = new() { [StepKey] = step };
        foreach ((string name, int i) in Metrics.Select((name, i) => (name, i)))
        {
            numbers[name] = Math.Round(1 + (Math.Sin((3 * share) + i) * share) + (0.1 * (random.NextDouble() - 0.5)), 5);
        }

        numbers["objective/score_mean"] = Math.Round((2 * share) + (0.2 * random.NextDouble()), 5);
        numbers["objective/kl_per_token"] = Math.Round(0.8 * share, 5);
        numbers["rollout/response_length_mean"] = Math.Round(40 + (4 * random.NextDouble()), 3);
        numbers["policy/clip_fraction"] = 0.03;
        numbers["rollout/logprob_gap_mean"] = 1e-6;
        return JsonSerializer.Serialize(numbers) + "\n";
    }

    private const string StepKey = "step";

    private static string Sample(int step, int index, double share, Random random)
    {
        string[] pieces = [.. Enumerable.Range(0, 30).Select(_ => " " + Words[random.Next(Words.Length)])];
        double[] Numbers(double mean) => [.. pieces.Select(_ => Math.Round(mean + (0.5 * (random.NextDouble() - 0.5)), 4))];
        bool isReference = step == 0;
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["step"] = step,
            ["kind"] = isReference ? "reference" : "rollout",
            ["index"] = index,
            ["prompt"] = $"Once upon a time there was a {Words[index * 7 % Words.Length]} boy.",
            ["response"] = string.Concat(pieces),
            ["score"] = Math.Round(share + random.NextDouble(), 4),
            ["finished"] = index % 3 != 0,
            ["prompt_ids"] = new[] { 1, 2, 3 },
            ["response_ids"] = Enumerable.Range(0, pieces.Length),
            ["response_pieces"] = pieces,
            ["log_probs"] = Numbers(-1),
            ["ref_log_probs"] = Numbers(-1.2),
            ["values"] = Numbers(share),
            ["advantages"] = Numbers(0),
        }.Where(pair => !isReference || pair.Key is not ("log_probs" or "values" or "advantages")).ToDictionary()) + "\n";
    }
}
