using Proxima.Core;
using Proxima.Generation;
using Proxima.Generation.Fused;
using Proxima.Models;
using Proxima.Tests.Generation.Fused;
using Proxima.Tests.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation;

/// <summary>
/// χ² tests of whole engines: how often two engines write each pair of first tokens against the probabilities that the model's
/// logits give by the definition of each processor, worked out here anew.
/// </summary>
public sealed class SampleFrequencyTests
{
    private const int Responses = 20_000;

    /// <summary>Deviations of the normal distribution: one run in 30,000 of a right sampler exceeds it, and the seed is fixed.</summary>
    private const double Limit = 4;

    private static readonly int[] Prompt = [1, 17, 40, 23];

    [Theory]
    [InlineData(false, 1.0, 0, 1.0, 1.0)]
    [InlineData(true, 1.0, 0, 1.0, 1.0)]
    [InlineData(false, 0.7, 12, 0.9, 1.0)]
    [InlineData(true, 0.7, 12, 0.9, 1.0)]
    [InlineData(false, 1.3, 0, 0.8, 1.4)]
    [InlineData(true, 1.3, 0, 0.8, 1.4)]
    public void Pairs_of_tokens_come_as_often_as_their_probabilities_say(
        bool isFused, double temperature, int topK, double topP, double penalty)
    {
        using CausalLanguageModel model = ModelFolder.LoadCausal(Path.Combine(GoldenModel.FolderOf("qwen2_gqa"), "causal"), ScalarType.Float32);
        var options = new SamplingOptions
        {
            MaxNewTokens = 2,
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            RepetitionPenalty = penalty,
            SamplesPerPrompt = Responses / 10,
        };
        using FusedModel? fused = isFused ? new FusedModel(model, threads: 2, KernelCases.InFp32()) : null;
        IGenerationEngine engine = fused is null ? new PlainEngine(model, options) : new FusedEngine(fused, options);

        IReadOnlyList<SampledResponse> responses = engine.Generate(
            [.. Enumerable.Repeat(Prompt, 10)], i => new CounterRandom(11, RandomPurpose.Rollout, 3, i));

        Assert.Equal(Responses, responses.Count);
        Dictionary<(int, int), int> counts = responses.GroupBy(r => (r.Tokens[0], r.Tokens[1])).ToDictionary(g => g.Key, g => g.Count());
        AssertFits(counts, PairProbabilities(model, options));
    }

    private static void AssertFits(Dictionary<(int, int), int> counts, Dictionary<(int, int), double> probabilities)
    {
        Assert.All(counts.Keys, pair => Assert.True(probabilities.ContainsKey(pair), $"{pair} was written, and its probability is 0"));
        const double Least = 5; // expected in a class; rarer pairs form one together
        double statistic = 0, restExpected = 0, restFound = 0;
        int classes = 0;
        foreach (((int, int) pair, double probability) in probabilities)
        {
            (double expected, double found) = (probability * Responses, counts.GetValueOrDefault(pair));
            if (expected < Least)
            {
                (restExpected, restFound) = (restExpected + expected, restFound + found);
                continue;
            }

            classes++;
            statistic += (found - expected) * (found - expected) / expected;
        }

        statistic += restExpected > Least ? (restFound - restExpected) * (restFound - restExpected) / restExpected : 0;
        double freedom = restExpected > Least ? classes : classes - 1;
        Assert.InRange(freedom, 10, double.MaxValue);

        // Wilson and Hilferty 1931: the cube root of χ² ÷ degrees is nearly normal.
        double deviations = (Math.Cbrt(statistic / freedom) - (1 - (2 / (9 * freedom)))) / Math.Sqrt(2 / (9 * freedom));
        Assert.InRange(deviations, -Limit, Limit);
    }

    private static Dictionary<(int, int), double> PairProbabilities(CausalLanguageModel model, SamplingOptions options)
    {
        Dictionary<(int, int), double> pairs = [];
        double[] first = Probabilities(Logits(model, Prompt), Prompt, options);
        for (int a = 0; a < first.Length; a++)
        {
            if (first[a] > 0)
            {
                int[] context = [.. Prompt, a];
                double[] second = Probabilities(Logits(model, context), context, options);
                for (int b = 0; b < second.Length; b++)
                {
                    if (second[b] > 0)
                    {
                        pairs[(a, b)] = first[a] * second[b];
                    }
                }
            }
        }

        return pairs;
    }

    private static double[] Logits(CausalLanguageModel model, int[] context)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var ids = tensor(context.Select(id => (long)id).ToArray()).unsqueeze(0);
        var hidden = model.Decoder.Forward(ids, arange(context.Length, dtype: ScalarType.Int64).unsqueeze(0));
        return [.. model.Logits(hidden)[0, -1].data<float>().Select(x => (double)x)];
    }

    /// <summary>By the definitions, in double: penalty, temperature, the k best, the fewest of them that hold p, softmax.</summary>
    private static double[] Probabilities(double[] logits, int[] context, SamplingOptions options)
    {
        double[] scores = [.. logits.Select((x, id) =>
            (context.Contains(id) ? (x < 0 ? x * options.RepetitionPenalty : x / options.RepetitionPenalty) : x) / options.Temperature)];
        int[] best = [.. Enumerable.Range(0, scores.Length).OrderByDescending(id => scores[id]).Take(options.TopK > 0 ? options.TopK : scores.Length)];
        double total = best.Sum(id => Math.Exp(scores[id]));
        double mass = 0;
        double[] probabilities = new double[scores.Length];
        foreach (int id in best)
        {
            probabilities[id] = Math.Exp(scores[id]);
            mass += probabilities[id] / total;
            if (mass >= options.TopP)
            {
                break;
            }
        }

        double kept = probabilities.Sum();
        return [.. probabilities.Select(p => p / kept)];
    }
}
