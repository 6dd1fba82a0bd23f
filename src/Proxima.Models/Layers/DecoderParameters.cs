using Proxima.Models.Weights;

namespace Proxima.Models.Layers;

/// <summary>Lists the weights of a decoder: names as in the files, with shapes.</summary>
internal static class DecoderParameters
{
    /// <summary>The weights in the order of the forward pass.</summary>
    public static IReadOnlyList<ParameterSpec> Of(ModelConfig config)
    {
        DecoderNames names = config.Traits.Names;
        List<ParameterSpec> list = [new($"{names.Prefix}.{names.Embedding}.weight", [config.VocabularySize, config.HiddenSize])];
        if (config.Traits.Positions == PositionKind.Learned)
        {
            list.Add(new($"{names.Prefix}.{names.Positions}.weight", [config.MaxPositions, config.HiddenSize]));
        }

        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            AddAttention(list, config, names.Layer(layer));
            AddFeedForward(list, config, names.Layer(layer));
        }

        AddNorm(list, config, $"{names.Prefix}.{names.FinalNorm}", config.HiddenSize);
        return list;
    }

    private static void AddAttention(List<ParameterSpec> list, ModelConfig config, string prefix)
    {
        DecoderTraits traits = config.Traits;
        DecoderNames names = traits.Names;
        long hidden = config.HiddenSize;
        long queries = config.HeadCount * config.HeadSize;
        long keys = config.KeyValueHeadCount * config.HeadSize;
        AddNorm(list, config, $"{prefix}.{names.AttentionNorm}", hidden);
        if (names.QueryKeyValue is string fused)
        {
            AddMatrix(list, traits, $"{prefix}.{fused}", queries + 2 * keys, hidden, traits.QueryKeyValueBias);
        }
        else
        {
            AddMatrix(list, traits, $"{prefix}.{names.Query}", queries, hidden, traits.QueryKeyValueBias);
            AddMatrix(list, traits, $"{prefix}.{names.Key}", keys, hidden, traits.QueryKeyValueBias);
            AddMatrix(list, traits, $"{prefix}.{names.Value}", keys, hidden, traits.QueryKeyValueBias);
        }

        if (traits.QueryKeyNorms)
        {
            AddNorm(list, config, $"{prefix}.{names.QueryNorm}", config.HeadSize);
            AddNorm(list, config, $"{prefix}.{names.KeyNorm}", config.HeadSize);
        }

        AddMatrix(list, traits, $"{prefix}.{names.Output}", hidden, queries, traits.OutputBias);
        if (traits.ResultNorms)
        {
            AddNorm(list, config, $"{prefix}.{names.AttentionResultNorm}", hidden);
        }
    }

    private static void AddFeedForward(List<ParameterSpec> list, ModelConfig config, string prefix)
    {
        DecoderTraits traits = config.Traits;
        DecoderNames names = traits.Names;
        AddNorm(list, config, $"{prefix}.{names.FeedForwardNorm}", config.HiddenSize);
        if (traits.FeedForward == FeedForwardKind.Gated)
        {
            AddMatrix(list, traits, $"{prefix}.{names.Gate}", config.IntermediateSize, config.HiddenSize, traits.FeedForwardBias);
        }

        AddMatrix(list, traits, $"{prefix}.{names.Up}", config.IntermediateSize, config.HiddenSize, traits.FeedForwardBias);
        AddMatrix(list, traits, $"{prefix}.{names.Down}", config.HiddenSize, config.IntermediateSize, traits.FeedForwardBias);
        if (traits.ResultNorms)
        {
            AddNorm(list, config, $"{prefix}.{names.FeedForwardResultNorm}", config.HiddenSize);
        }
    }

    private static void AddNorm(List<ParameterSpec> list, ModelConfig config, string name, long size)
    {
        list.Add(new($"{name}.weight", [size]));
        if (config.Traits.Norm == NormKind.Layer)
        {
            list.Add(new($"{name}.bias", [size]));
        }
    }

    private static void AddMatrix(List<ParameterSpec> list, DecoderTraits traits, string name, long outputs, long inputs, bool hasBias)
    {
        list.Add(new($"{name}.weight", traits.Layout == MatrixLayout.OutputInput ? [outputs, inputs] : [inputs, outputs]));
        if (hasBias)
        {
            list.Add(new($"{name}.bias", [outputs]));
        }
    }
}
