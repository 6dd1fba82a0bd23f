using Proxima.Core;
using Proxima.Models.Layers;
using Proxima.Models.Weights;

namespace Proxima.Models;

/// <summary>How many weights a model has, from its config.json and the headers of its files; no weight is read.</summary>
public sealed record ModelSize
{
    /// <summary>The model's description.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary>Bytes of a weight in the files, on average.</summary>
    public required double StoredBytes { get; init; }

    /// <summary>Weights of the embedding, learned places included.</summary>
    public required long Embedding { get; init; }

    /// <summary>Weights of the blocks.</summary>
    public required long Blocks { get; init; }

    /// <summary>Weights of the matrices of the blocks: no norms, no biases.</summary>
    public required long BlockMatrices { get; init; }

    /// <summary>Weights as a language model: embedding, blocks, last norm, and the output projection where it is not tied.</summary>
    public required long LanguageModel { get; init; }

    /// <summary>Weights as a score model: embedding, blocks, last norm, score head.</summary>
    public required long ScoreModel { get; init; }

    /// <summary>Looks at a folder.</summary>
    /// <param name="folder">a local Hugging Face folder</param>
    /// <exception cref="ProximaException">exit code Data: a file is missing or broken</exception>
    public static ModelSize Of(string folder)
    {
        ModelConfig config = ModelConfig.Load(folder);
        using WeightFolder files = WeightFolder.Open(folder);
        long bytes = files.Tensors.Sum(tensor => tensor.ByteCount);
        return Of(config, (double)bytes / files.Tensors.Sum(tensor => tensor.ByteCount / tensor.Type.Size));
    }

    /// <summary>Counts the weights of a shape.</summary>
    /// <param name="config">the shape</param>
    /// <param name="storedBytes">bytes of a weight in the files</param>
    public static ModelSize Of(ModelConfig config, double storedBytes)
    {
        ArgumentNullException.ThrowIfNull(config);
        DecoderNames names = config.Traits.Names;
        IReadOnlyList<ParameterSpec> specs = DecoderParameters.Of(config);
        long decoder = specs.Sum(Count);
        ParameterSpec[] inBlocks = [.. specs.Where(spec => spec.Name.StartsWith($"{names.Prefix}.{names.Layers}.", StringComparison.Ordinal))];
        long blocks = inBlocks.Sum(Count);
        long finalNorm = specs.Where(spec => spec.Name.StartsWith($"{names.Prefix}.{names.FinalNorm}.", StringComparison.Ordinal)).Sum(Count);
        return new ModelSize
        {
            Config = config,
            StoredBytes = storedBytes,
            Embedding = decoder - blocks - finalNorm,
            Blocks = blocks,
            BlockMatrices = inBlocks.Where(spec => spec.Shape.Count > 1).Sum(Count),
            LanguageModel = decoder + (config.TieWordEmbeddings ? 0 : Count(ModelSlice.HeadOf(config))),
            ScoreModel = decoder + config.HiddenSize,
        };
    }

    private static long Count(ParameterSpec spec) => spec.Shape.Aggregate(1L, (product, size) => checked(product * size));
}
