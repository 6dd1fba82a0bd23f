using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Numerics;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Training.Planning;

/// <summary>
/// Measures passes of a model by those of its parts: some layers with a tiny vocabulary, and the whole vocabulary without layers. The
/// time of all layers is that of those times their number. Batches too large for a calibration are measured in part.
/// </summary>
/// <param name="precision">number types of the run</param>
/// <param name="temperature">of the run</param>
public sealed class ModelCalibration(TrainingPrecision precision, double temperature)
{
    /// <summary>Enough to lie outside the caches.</summary>
    private const long WeightsOfASlice = 24 << 20;
    private const int TinyVocabulary = 64;
    private const int FewestTokens = 512; // from here on attention is computed alike at every length
    private const double SecondsOfAPass = 0.25;
    private const double BackwardFlops = 3; // forward and backward, in forwards
    private const long RowsOfLogits = 1 << 24;

    private readonly Dictionary<string, PassCost> _known = [];
    /// <summary>FLOP/s of the products of this run.</summary>
    public double PeakFlopsPerSecond { get; } = PlanClock.Gigaflops(precision.Bf16Products ?? ScalarType.Float32) * 1e9;

    /// <summary>Seconds of an optimizer step for each weight; known after the first <see cref="Training"/>.</summary>
    public double OptimizerSecondsPerWeight { get; private set; }

    /// <summary>A pass without gradients.</summary>
    /// <param name="config">the model's shape</param>
    /// <param name="weights">type of its weights</param>
    /// <param name="size">B and T</param>
    /// <param name="headTokens">tokens whose log-probs are wanted; 0: the model scores</param>
    public PassCost Scoring(ModelConfig config, ScalarType weights, (int B, int T) size, int headTokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        PassCost blocks = Known($"score {Key(config)} {weights} {size}", () => BlocksForward(config, weights, size));
        PassCost head = headTokens == 0 ? new(0, 0, 0) : Known(
            $"score head {config.VocabularySize} {config.HiddenSize} {weights} {headTokens}", () => Head(config, weights, headTokens, withGradients: false));
        return new(blocks.Seconds + head.Seconds, 0, Math.Max(blocks.Transient, head.Transient));
    }

    /// <summary>Forward and backward pass of a micro-batch.</summary>
    /// <param name="config">the model's shape</param>
    /// <param name="options">how it computes</param>
    /// <param name="size">B and T</param>
    /// <param name="headTokens">tokens whose log-probs are trained; 0: values are</param>
    public PassCost Training(ModelConfig config, ComputeOptions options, (int B, int T) size, int headTokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        PassCost blocks = Known($"train {Key(config)} {options} {size}", () => BlocksTraining(config, options, size));
        PassCost embedding = Known($"embed {config.VocabularySize} {config.HiddenSize} {size}", () => EmbeddingTraining(config, size));
        PassCost head = headTokens == 0 ? new(0, 0, 0) : Known(
            $"train head {config.VocabularySize} {config.HiddenSize} {headTokens}", () => Head(config, precision.Trained, headTokens, withGradients: true));
        double kept = blocks.Kept + embedding.Kept;

        // The embedding's gradient comes when all other activations have gone.
        double highest = Math.Max(kept + Math.Max(blocks.Transient, head.Transient), embedding.Bytes);
        return new(blocks.Seconds + embedding.Seconds + head.Seconds, kept, highest - kept);
    }

    /// <summary>Layers of a slice: enough weights to lie outside the caches, or all.</summary>
    internal static int LayersOf(ModelConfig config)
    {
        ModelSize size = ModelSize.Of(config, sizeof(float));
        return (int)Math.Clamp((WeightsOfASlice * config.LayerCount / size.Blocks) + 1, 1, config.LayerCount);
    }

    private PassCost BlocksForward(ModelConfig config, ScalarType weights, (int B, int T) size)
    {
        ModelConfig slice = ModelSlice.Cut(config, LayersOf(config), TinyVocabulary);
        ((int B, int T) part, double seconds, double tokens) = Part(slice, size, 1);
        using ScoreModel model = ModelSlice.Score(slice, weights);
        model.Decoder.Options = precision.Options;
        using var scope = NewDisposeScope();
        var (ids, positions) = Batch(slice, part);
        return PassMeter.Forward(part.T, Forward(model.Decoder, ids, positions)).Scaled((double)config.LayerCount / slice.LayerCount, seconds, tokens);
    }

    private PassCost BlocksTraining(ModelConfig config, ComputeOptions options, (int B, int T) size)
    {
        ModelConfig slice = ModelSlice.Cut(config, LayersOf(config), TinyVocabulary);
        ((int B, int T) part, double seconds, double tokens) = Part(slice, size, BackwardFlops);
        using ScoreModel model = ModelSlice.Score(slice, precision.Trained);
        model.Decoder.Options = options;
        OptimizerSettings settings = new() { LearningRate = 1e-9 };
        using ModelOptimizer optimizer = new(
            "slice", model.NamedParameters(), LearningRateSchedule.ForActor(settings, totalSteps: 1000), settings, weightDecay: 0, precision.Copies);
        using var scope = NewDisposeScope();
        var (ids, positions) = Batch(slice, part);
        PassCost cost = PassMeter.Training(part.T, Forward(model.Decoder, ids, positions), states => Backward(states, optimizer.Parameters));
        OptimizerSecondsPerWeight = PlanClock.Best(() => optimizer.Step(loss: 0)) / optimizer.Parameters.Count;
        return cost.Scaled((double)config.LayerCount / slice.LayerCount, seconds, tokens);
    }

    /// <summary>The whole vocabulary's gradient is written, however few tokens there are.</summary>
    private PassCost EmbeddingTraining(ModelConfig config, (int B, int T) size)
    {
        ModelConfig slice = ModelSlice.Cut(config, layers: 0, config.VocabularySize);
        using ScoreModel model = ModelSlice.Score(slice, precision.Trained);
        model.Decoder.Options = precision.Options;
        using FlatParameters parameters = new(model.NamedParameters(), precision.Copies);
        using var scope = NewDisposeScope();
        var (ids, positions) = Batch(slice, size);
        return PassMeter.Training(size.T, Forward(model.Decoder, ids, positions), states => Backward(states, parameters));
    }

    private PassCost Head(ModelConfig config, ScalarType weights, int tokens, bool withGradients)
    {
        double flops = 2.0 * config.VocabularySize * config.HiddenSize * (withGradients ? BackwardFlops : 1);
        long rows = Math.Max(RowsOfLogits / config.VocabularySize, (long)(SecondsOfAPass * PeakFlopsPerSecond / flops));
        int part = (int)Math.Clamp(rows, 1, tokens);
        using CausalLanguageModel model = ModelSlice.Causal(ModelSlice.Cut(config, layers: 0, config.VocabularySize), weights);
        model.Decoder.Options = precision.Options;
        using FlatParameters? parameters = withGradients ? new(model.NamedParameters(), precision.Copies) : null;
        using var scope = NewDisposeScope();
        var states = rand([part, config.HiddenSize], dtype: precision.Options.Stream ?? weights, requires_grad: withGradients);
        var ids = zeros([part], dtype: ScalarType.Int64);
        PassCost cost = withGradients
            ? PassMeter.Training(
                part,
                count => states.narrow(0, 0, count),
                some => ChunkedHead.Backward(model.Head, some, ids.narrow(0, 0, some.shape[0]), temperature, (logProbs, _, _) => logProbs.sum() / -part, EntropyUse.None))
            : PassMeter.Forward(part, count => ChunkedHead.Evaluate(model.Head, states.narrow(0, 0, count), ids.narrow(0, 0, count), temperature).LogProbs);
        return cost.Scaled(1, (double)tokens / part, 1);
    }

    private static Func<int, Tensor> Forward(Decoder decoder, Tensor ids, Tensor positions) =>
        length => decoder.Forward(ids.narrow(1, 0, length).contiguous(), positions.narrow(1, 0, length).contiguous());

    private static void Backward(Tensor states, FlatParameters parameters)
    {
        states.backward([ones_like(states)]);
        parameters.CollectGradients();
    }

    /// <summary>As much of a batch as there is time for: fewer rows, else shorter ones.</summary>
    /// <returns>B and T of the part, and how much longer and larger the whole is</returns>
    private ((int B, int T) Size, double Seconds, double Tokens) Part(ModelConfig slice, (int B, int T) size, double passes)
    {
        double limit = SecondsOfAPass * PeakFlopsPerSecond / passes;
        int rows = (int)Math.Clamp(limit / Flops(slice, 1, size.T), Math.Min(size.B, ((FewestTokens - 1) / size.T) + 1), size.B);
        int length = size.T;
        while (rows == 1 && length > 2 * FewestTokens && Flops(slice, 1, length) > 4 * limit)
        {
            length /= 2;
        }

        return ((rows, length), Flops(slice, size.B, size.T) / Flops(slice, rows, length), (double)size.B * size.T / (rows * length));
    }

    /// <summary>Of a forward pass: products with weights, and those of attention.</summary>
    private static double Flops(ModelConfig config, double B, double T) =>
        B * T * ((2.0 * ModelSize.Of(config, sizeof(float)).Blocks) + (4.0 * config.LayerCount * config.HeadCount * config.HeadSize * T));

    private static (Tensor Ids, Tensor Positions) Batch(ModelConfig config, (int B, int T) size) => (
        randint(0, config.VocabularySize, [size.B, size.T], dtype: ScalarType.Int64),
        arange(size.T, dtype: ScalarType.Int64).expand(size.B, -1).contiguous());

    private static string Key(ModelConfig config) => string.Join(
        ' ', config.ModelType, config.LayerCount, config.HiddenSize, config.IntermediateSize, config.HeadCount, config.KeyValueHeadCount, config.HeadSize);

    private PassCost Known(string key, Func<PassCost> measure)
    {
        if (!_known.TryGetValue(key, out PassCost? cost))
        {
            cost = measure();
            NativeHeap.GiveBack();
            _known.Add(key, cost);
        }

        return cost;
    }
}
