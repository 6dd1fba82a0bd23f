using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Cli.Doctor;

/// <summary>Ways to compute the same numbers that must agree, on random ids: a wrong position, mask or cache shows here.</summary>
internal static class ModelSelfTest
{
    private const int Longest = 24;
    private const long Seed = 1;

    /// <summary>Largest difference allowed, relative to the largest number; rounding alone stays a hundred times below.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Runs the tests.</summary>
    public static IReadOnlyList<Check> Run(LoadedModel model)
    {
        using var scope = NewDisposeScope();
        int length = Math.Min(Longest, model.Config.MaxPositions);
        int[] ids = RandomIds(model.Config, length, row: 0);
        var alone = model.Run(ids); // [T, V]
        double largest = alone.abs().max().item<float>();
        string noun = model.Causal is null ? "value" : "logit";
        Check finite = new("finite", double.IsFinite(largest), $"{length} random tokens, largest {noun} {largest:g4}", "The weights are damaged, or too large for float32.");
        if (!finite.Passed)
        {
            return [finite];
        }

        List<Check> checks =
        [
            finite,
            Compare("padding", LeftPadded(model, ids), alone, largest),
            Compare("cache", InPieces(model, ids), alone, largest),
        ];
        if (model.Causal is not null && length > 1)
        {
            checks.Add(FusedEngine(model, model.Causal, ids[..(length / 2)]));
        }

        return checks;
    }

    private static Check Compare(string name, Tensor found, Tensor expected, double largest)
    {
        double difference = (found - expected).abs().max().item<float>();
        return Within(name, difference, largest);
    }

    private static Check Within(string name, double difference, double largest) => new(
        name, difference <= Tolerance * Math.Max(1, largest), $"max |Δ| {difference:0.0e-00}",
        "Two ways to compute the same numbers differ. Please report this with the config.json.");

    /// <summary>The row behind padding, beside a longer one.</summary>
    private static Tensor LeftPadded(LoadedModel model, int[] ids)
    {
        int padding = Math.Min(5, model.Config.MaxPositions - ids.Length);
        int width = ids.Length + padding;
        long[] padded = [.. Enumerable.Repeat(0L, padding), .. ids.Select(id => (long)id)];
        long[] other = [.. RandomIds(model.Config, width, row: 1).Select(id => (long)id)];
        var batch = tensor(padded.Concat(other).ToArray()).view(2, width);
        var mask = ones([2, width], dtype: ScalarType.Bool);
        mask[0, TensorIndex.Slice(0, padding)] = false;
        var positions = mask.to_type(ScalarType.Int64).cumsum(1).sub(1).clamp(min: 0);
        return model.Run(batch, positions, mask)[0].narrow(0, padding, ids.Length);
    }

    /// <summary>Two thirds at once, then token by token through the cache.</summary>
    private static Tensor InPieces(LoadedModel model, int[] ids)
    {
        using KeyValueCache cache = new(model.Config, batch: 1, ids.Length, ScalarType.Float32);
        var row = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0); // [1, T]
        var positions = arange(ids.Length, dtype: ScalarType.Int64).unsqueeze(0);
        List<Tensor> pieces = [];
        for (int start = 0; start < ids.Length;)
        {
            int count = start == 0 ? Math.Max(1, ids.Length * 2 / 3) : 1;
            pieces.Add(model.Run(row.narrow(1, start, count), positions.narrow(1, start, count), cache: cache)[0]);
            start += count;
        }

        return cat(pieces, 0); // [T, V]
    }

    /// <summary>What the fused engine writes, and its log-probs against the plain model's of the same tokens.</summary>
    private static Check FusedEngine(LoadedModel model, CausalLanguageModel causal, int[] prompt)
    {
        using GenerationEngines engines = GenerationEngines.Fused(causal, threads: 1, ComputeKernel.Fp32, ComputePrecision.Fp32);
        var options = new SamplingOptions { MaxNewTokens = prompt.Length };
        SampledResponse response = engines.Create(options).Generate([prompt], i => new CounterRandom(Seed, RandomPurpose.Rollout, 0, i))[0];
        var logProbs = model.Run([.. prompt, .. response.Tokens]).log_softmax(-1); // [T, V]
        double difference = 0;
        for (int t = 0; t < response.Tokens.Length; t++)
        {
            difference = Math.Max(difference, Math.Abs(response.LogProbs[t] - logProbs[prompt.Length - 1 + t, response.Tokens[t]].item<float>()));
        }

        return Within("fused engine", difference, largest: 1);
    }

    private static int[] RandomIds(ModelConfig config, int count, int row)
    {
        var random = new CounterRandom(Seed, RandomPurpose.Rollout, 1, row);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextDouble() * config.VocabularySize))];
    }
}
