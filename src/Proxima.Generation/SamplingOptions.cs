namespace Proxima.Generation;

/// <summary>How responses are sampled. Processors act in the order of the properties from <see cref="MinNewTokens"/> on.</summary>
public sealed record SamplingOptions
{
    /// <summary>New tokens at most.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Stop tokens are forbidden while fewer new tokens than this are there.</summary>
    public int MinNewTokens { get; init; } = 1;

    /// <summary>Divides a positive logit, and multiplies a negative one, of each id already present; 1 is off.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Divides the logits; 0: always the likeliest token, so that <see cref="TopK"/> and <see cref="TopP"/> change nothing.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Keeps the k most likely tokens and all that tie with the k-th; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the likeliest tokens until their mass passes this; 1 is off.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Ids that end a response. Empty: nothing ends one before <see cref="MaxNewTokens"/>.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>Responses for each prompt.</summary>
    public int SamplesPerPrompt { get; init; } = 1;

    /// <summary>
    /// Told each new token as (sequence, token), so that a reader need not wait for the end. The engine's threads call it, those of one
    /// sequence one after the other.
    /// </summary>
    public Action<int, int>? OnToken { get; init; }

    /// <summary>Looked at before each new token; a cancelled rollout is lost whole.</summary>
    public CancellationToken Stop { get; init; }
}
