namespace Proxima.Tests.Models;

/// <summary>The cases of tests/goldens/models.</summary>
public static class GoldenCases
{
    private static readonly string[] Names =
    [
        "llama_mha_untied",
        "llama_gqa_tied",
        "llama_rope_llama3",
        "llama_rope_linear",
        "llama_head_dim",
        "llama_bias",
        "qwen2_gqa",
        "qwen3",
        "qwen3_bf16",
        "mistral_window",
        "gemma",
        "gemma2",
        "gpt2",
        "ernie4_5",
        "long",
    ];

    public static TheoryData<string> All => [.. Names];

    /// <summary>Those with full arrays; "long" has the last logits of each row and norms of gradients.</summary>
    public static TheoryData<string> WithArrays => [.. Names.Where(name => name != "long")];

    /// <summary>Those with a sequence classifier.</summary>
    public static TheoryData<string> WithScore => [.. Names.Where(name => name != "ernie4_5")];
}
