using System.Text.Json;
using Proxima.Core;
using Proxima.Models.Families;

namespace Proxima.Models;

/// <summary>A model as its config.json describes it, old style or new.</summary>
public sealed record ModelConfig
{
    /// <summary>The class that transformers loads it with, such as LlamaForCausalLM.</summary>
    public required string Architecture { get; init; }

    /// <summary>The family, such as llama.</summary>
    public required string ModelType { get; init; }

    /// <summary>Width of the hidden state, C.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward blocks.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of blocks, L.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Query heads, H.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads; each serves HeadCount ÷ KeyValueHeadCount query heads.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Width of a head, D.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Rows of the embedding, V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest sequence the model was made for.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Whether the output projection is the embedding.</summary>
    public required bool TieWordEmbeddings { get; init; }

    /// <summary>Ids that end a text, from config.json and generation_config.json.</summary>
    public required IReadOnlyList<int> EosTokenIds { get; init; }

    /// <summary>Padding id; null when the model names none.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>Id that begins a text; null when the model names none.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>Scores a sequence classifier gives; 1 for a reward or value model.</summary>
    public int LabelCount { get; init; } = 1;

    /// <summary>Spread of newly drawn weights, such as those of a new score head.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>What differs from the common decoder.</summary>
    public required DecoderTraits Traits { get; init; }

    /// <summary>Whether the folder holds a sequence classifier instead of a language model.</summary>
    public bool IsScoreModel => Architecture == Family.ScoreArchitecture;

    internal ModelFamily Family => ModelFamilies.OfModelType(ModelType);

    /// <summary>Reads config.json, and the stop ids of generation_config.json, of a model folder.</summary>
    /// <exception cref="ProximaException">a file is missing or malformed, or the model is of an unknown kind or uses what is not supported</exception>
    public static ModelConfig Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ProximaException(ExitCode.Data, $"The model folder {folder} does not exist. Give the path of a local Hugging Face folder.");
        }

        string path = Path.Combine(folder, "config.json");
        ModelConfig config = ConfigReader.Read(path, Describe);
        string generation = Path.Combine(folder, "generation_config.json");
        return File.Exists(generation)
            ? config with { EosTokenIds = [.. config.EosTokenIds.Union(ConfigReader.Read(generation, reader => reader.Ids("eos_token_id")))] }
            : config;
    }

    private static ModelConfig Describe(ConfigReader reader)
    {
        // Without a class, transformers goes by the family and takes a language model.
        string architecture = reader.FirstText("architectures")
            ?? ModelFamilies.Named(reader.Text("model_type"))?.CausalArchitecture
            ?? throw reader.Error("architectures", "is missing", "a list with one class, such as LlamaForCausalLM");
        ModelFamily family = ModelFamilies.OfArchitecture(architecture)
            ?? throw reader.Unsupported("architectures", architecture, string.Join(", ", ModelFamilies.All.Select(f => f.CausalArchitecture)) + " and their ForSequenceClassification");
        if (reader.Has("quantization_config"))
        {
            throw reader.Unsupported("quantization_config", "a quantised model", "weights in F32, BF16 or F16");
        }

        ModelConfig config = family.Describe(reader) with
        {
            Architecture = architecture,
            LabelCount = reader.Section("id2label") is { ValueKind: JsonValueKind.Object } labels
                ? labels.EnumerateObject().Count()
                : reader.Integer("num_labels", architecture == family.ScoreArchitecture ? 2 : 1),
            InitializerRange = reader.Number("initializer_range", 0.02),
        };
        config.Check(reader);
        return config;
    }

    private void Check(ConfigReader reader)
    {
        bool isSound = HiddenSize > 0 && IntermediateSize > 0 && LayerCount > 0 && HeadSize > 0 && VocabularySize > 0 && MaxPositions > 0
            && HeadCount > 0 && KeyValueHeadCount > 0 && HeadCount % KeyValueHeadCount == 0;
        if (!isSound)
        {
            throw reader.Error(
                "sizes",
                $"hidden {HiddenSize}, intermediate {IntermediateSize}, layers {LayerCount}, heads {HeadCount}/{KeyValueHeadCount} of {HeadSize}, vocabulary {VocabularySize}, positions {MaxPositions}",
                "positive sizes, and as many heads as a multiple of the key heads");
        }

        bool isPossible = HiddenSize <= 1 << 20 && IntermediateSize <= 1 << 22 && HeadCount <= 1 << 16
            && (long)HeadCount * HeadSize <= 1 << 22 && VocabularySize <= 1 << 24;
        if (!isPossible)
        {
            throw reader.Error(
                "sizes",
                $"hidden {HiddenSize}, intermediate {IntermediateSize}, layers {LayerCount}, heads {HeadCount} of {HeadSize}, vocabulary {VocabularySize}",
                "those of a model that exists");
        }

        if (Traits.Positions != PositionKind.Learned && HeadSize % 2 != 0)
        {
            throw reader.Error("head_dim", $"is {HeadSize}", "an even size, for rotary positions turn pairs");
        }
    }
}
