namespace Proxima.Models;

/// <summary>Names of a decoder's weights as Hugging Face files have them; the defaults are those of Llama.</summary>
public sealed record DecoderNames
{
    /// <summary>Before every name of the decoder.</summary>
    public string Prefix { get; init; } = "model";

    public string Embedding { get; init; } = "embed_tokens";

    /// <summary>Learned places.</summary>
    public string Positions { get; init; } = "embed_positions";

    /// <summary>Before the number of a layer.</summary>
    public string Layers { get; init; } = "layers";

    public string AttentionNorm { get; init; } = "input_layernorm";

    public string Query { get; init; } = "self_attn.q_proj";

    public string Key { get; init; } = "self_attn.k_proj";

    public string Value { get; init; } = "self_attn.v_proj";

    /// <summary>One matrix for all three of them; null where they are apart.</summary>
    public string? QueryKeyValue { get; init; }

    public string Output { get; init; } = "self_attn.o_proj";

    public string QueryNorm { get; init; } = "self_attn.q_norm";

    public string KeyNorm { get; init; } = "self_attn.k_norm";

    /// <summary>Norm of what attention gives, where there is one.</summary>
    public string AttentionResultNorm { get; init; } = "post_attention_layernorm";

    public string FeedForwardNorm { get; init; } = "post_attention_layernorm";

    public string Gate { get; init; } = "mlp.gate_proj";

    public string Up { get; init; } = "mlp.up_proj";

    public string Down { get; init; } = "mlp.down_proj";

    /// <summary>Norm of what the feed-forward block gives, where there is one.</summary>
    public string FeedForwardResultNorm { get; init; } = "post_feedforward_layernorm";

    public string FinalNorm { get; init; } = "norm";

    /// <summary>Ends of names of buffers that old files hold and that are no weights.</summary>
    public IReadOnlyList<string> Buffers { get; init; } = ["rotary_emb.inv_freq"];

    /// <summary>Before the names within a layer.</summary>
    public string Layer(int index) => $"{Prefix}.{Layers}.{index}";
}
