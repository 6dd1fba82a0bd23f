namespace Proxima.Core.Settings;

/// <summary>How prompts are cut and responses are sampled.</summary>
[ArgumentGroup("Lengths and sampling")]
public sealed record SamplingSettings
{
    [Argument("prompt + response in tokens; at most the model's positions")]
    public int MaxSeqLen { get; init; } = 4096;

    [Argument("longest prompt in tokens; default max_seq_len - max_dec_len - 1. max_prompt_len + max_dec_len < max_seq_len must hold")]
    public int? MaxPromptLen { get; init; }

    [Argument("new tokens at most")]
    public int MaxDecLen { get; init; } = 512;

    [Argument("new tokens at least: the stop tokens are forbidden before")]
    public int MinDecLen { get; init; } = 1;

    [Argument("divides the logits, in sampling and in every log-prob")]
    public double Temperature { get; init; } = 1.0;

    [Argument("nucleus sampling; 1 is off")]
    public double TopP { get; init; } = 1.0;

    [Argument("sample among the k most likely tokens; 0 is off")]
    public int TopK { get; init; } = 0;

    [Argument("divides (or multiplies, where negative) the logits of tokens already present; 1 is off")]
    public double RepetitionPenalty { get; init; } = 1.0;

    [Argument("responses for each prompt")]
    public int NumReturnSequences { get; init; } = 1;

    [Argument("ids that end a response; default: the model's eos and the end of turn")]
    public IReadOnlyList<int>? StopTokenIds { get; init; }

    [Argument("strings that end a response")]
    public IReadOnlyList<string>? StopStrings { get; init; }

    [Argument("no stop id or string ends a response; a response of max_dec_len tokens counts as finished")]
    public bool IgnoreEos { get; init; }

    [Argument("generate with the fused engine (FuseMT); false: the plain model")]
    public bool UseFusemt { get; init; } = true;

    [Argument("false: take the engine's own log-probs, allowed only where they are exact")]
    public bool RecomputeOldLogProbs { get; init; } = true;
}
