using Proxima.Core.Settings;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation;

/// <summary>Bytes that an engine takes beside the model that it generates with, from the model's shape alone.</summary>
/// <param name="Weights">packed, for as long as the engine lives; 0 for the plain one</param>
/// <param name="Cache">keys and values, for one rollout</param>
/// <param name="Rows">logits and states of a step, for one rollout</param>
public sealed record EngineMemory(double Weights, double Cache, double Rows)
{
    private const int LinesOfSamplers = 13; // bytes a token of the vocabulary: scores, probabilities, order, marks

    /// <summary>Of the fused engine.</summary>
    /// <param name="config">the model's shape</param>
    /// <param name="kernel">that was chosen</param>
    /// <param name="threads">threads that generate</param>
    /// <param name="responses">of a rollout</param>
    /// <param name="samples">of them for each prompt</param>
    /// <param name="longest">tokens of the longest prompt and response</param>
    public static EngineMemory Fused(ModelConfig config, ComputeKernel kernel, int threads, int responses, int samples, int longest)
    {
        ArgumentNullException.ThrowIfNull(config);
        KernelChoice kernels = KernelChoice.Of(PanelKernels.Of(kernel)[0], "");
        double weights = WeightBytes(config, kernels.ForWeights);
        int lanes = LanesOf(weights, threads);
        int width = GenerationLane.WidthOf(samples, responses, lanes);
        int rows = Math.Max(width, GenerationLane.StepRows);
        int atOnce = Math.Min(responses, width * lanes);
        double pages = Math.Ceiling((double)longest / PageShape.Tokens) * new PageShape(config, kernels.ForAttention).Bytes;
        double stateFloats = (3.0 * config.HiddenSize) + ((2.0 * config.HeadCount + (2.0 * config.KeyValueHeadCount)) * config.HeadSize) + config.IntermediateSize
            + kernels.ForWeights.PreparedFloats(Math.Max(config.HiddenSize, config.IntermediateSize));
        double logits = (double)width * config.VocabularySize * sizeof(float);
        return new EngineMemory(
            weights, atOnce * pages, (lanes * ((rows * stateFloats * sizeof(float)) + logits)) + ((double)threads * LinesOfSamplers * config.VocabularySize));
    }

    /// <summary>Responses that the fused engine writes at the same time.</summary>
    /// <param name="config">the model's shape</param>
    /// <param name="kernel">that was chosen</param>
    /// <param name="threads">threads that generate</param>
    /// <param name="responses">of a rollout</param>
    /// <param name="samples">of them for each prompt</param>
    public static int ResponsesAtOnce(ModelConfig config, ComputeKernel kernel, int threads, int responses, int samples)
    {
        int lanes = LanesOf(WeightBytes(config, PanelKernels.Of(kernel)[0]), threads);
        return Math.Min(responses, lanes * GenerationLane.WidthOf(samples, responses, lanes));
    }

    /// <summary>Of the plain model with a key/value cache, which answers all prompts at once.</summary>
    /// <param name="config">the model's shape</param>
    /// <param name="numberBytes">bytes of a number in keys and values</param>
    /// <param name="responses">of a rollout</param>
    /// <param name="samples">of them for each prompt</param>
    /// <param name="longest">tokens of the longest prompt and response</param>
    public static EngineMemory Plain(ModelConfig config, int numberBytes, int responses, int samples, int longest)
    {
        ArgumentNullException.ThrowIfNull(config);
        double token = 2.0 * config.KeyValueHeadCount * config.HeadSize * numberBytes;
        double cache = responses * (double)longest * token * config.LayerCount;
        double repeated = samples > 1 ? responses * (double)longest * token / 2 : 0; // one tensor of a layer before and after
        double logits = 2.0 * responses * config.VocabularySize * sizeof(float);
        return new EngineMemory(0, cache + repeated, logits);
    }

    private static int LanesOf(double weights, int threads) => threads / FusedModel.ThreadsPerLaneOf((long)weights, threads);

    /// <summary>Bytes of all matrices in panels; <see cref="FusedModel"/> lays them out so.</summary>
    internal static double WeightBytes(ModelConfig config, PanelKernel kernel)
    {
        int queries = config.HeadCount * config.HeadSize;
        int keys = config.KeyValueHeadCount * config.HeadSize;
        int halfPanel = PanelKernel.PanelRows / 2;
        int innerRows = config.Traits.FeedForward == FeedForwardKind.Gated
            ? (config.IntermediateSize + halfPanel - 1) / halfPanel * PanelKernel.PanelRows
            : config.IntermediateSize;
        double layer = Matrix(queries + (2 * keys), config.HiddenSize) + Matrix(config.HiddenSize, queries)
            + Matrix(innerRows, config.HiddenSize) + Matrix(config.HiddenSize, config.IntermediateSize);
        return (config.LayerCount * layer) + Matrix(config.VocabularySize, config.HiddenSize);

        double Matrix(int outputs, int inputs) => PanelKernel.PanelsOf(outputs) * (double)kernel.PanelBytes(inputs);
    }
}
