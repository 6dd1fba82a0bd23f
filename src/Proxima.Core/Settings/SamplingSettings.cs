namespace Proxima.Core.Settings;

/// <summary>How prompts are cut and responses are sampled.</summary>
[ArgumentGroup("Lengths and sampling")]
public sealed record SamplingSettings
{
    [Argument("prompt and response in tokens", Default = "4096, at most the model's positions")]
    [Bounds(AtLeast = 1)]
    public int MaxSeqLen { get; init; } = 4096;

    [Argument(
        "longest prompt in tokens. max_prompt_len + max_dec_len must be below max_seq_len",
        Default = "max_seq_len - max_dec_len - 1")]
    [Bounds(AtLeast = 1)]
    public int? MaxPromptLen { get; init; }

    [Argument("new tokens at most")]
    [Bounds(AtLeast = 1)]
    public int MaxDecLen { get; init; } = 512;

    [Argument("new tokens at least: the stop tokens are forbidden before")]
    [Bounds(AtLeast = 0)]
    public int MinDecLen { get; init; } = 1;

    [Argument("divides the logits, in sampling and in every log-prob. PPO needs it above 0")]
    [Bounds(AtLeast = 0)]
    public double Temperature { get; init; } = 1.0;

    [Argument("nucleus sampling; 1 is off")]
    [Bounds(Above = 0, AtMost = 1)]
    public double TopP { get; init; } = 1.0;

    [Argument("sample among the k most likely tokens; 0 is off")]
    [Bounds(AtLeast = 0)]
    public int TopK { get; init; } = 0;

    [Argument("divides positive logits of tokens already present and multiplies negative ones; 1 is off")]
    [Bounds(Above = 0)]
    public double RepetitionPenalty { get; init; } = 1.0;

    [Argument("responses for each prompt")]
    [Bounds(AtLeast = 1)]
    public int NumReturnSequences { get; init; } = 1;

    [Argument("ids that end a response", Default = "the model's eos and end of turn")]
    [Bounds(AtLeast = 0)]
    public IReadOnlyList<int>? StopTokenIds { get; init; }

    [Argument("strings that end a response")]
    public IReadOnlyList<string>? StopStrings { get; init; }

    [Argument("no stop id or string ends a response; a response of max_dec_len tokens counts as finished")]
    public bool IgnoreEos { get; init; }

    [Argument("generate with the fused engine (FuseMT); false: the plain model")]
    public bool UseFusemt { get; init; } = true;

    [Argument("false: take the engine's own log-probs, allowed only where they are exact, in fp32")]
    public bool RecomputeOldLogProbs { get; init; } = true;
}
