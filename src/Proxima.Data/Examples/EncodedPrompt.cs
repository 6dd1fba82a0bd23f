namespace Proxima.Data.Examples;

/// <summary>A prompt as tokens.</summary>
public sealed record EncodedPrompt
{
    /// <summary>[P] token ids, at least one.</summary>
    public required int[] Ids { get; init; }

    /// <summary>How many of the oldest exchanges (a user turn and its reply) were left out to fit.</summary>
    public required int DroppedTurns { get; init; }

    /// <summary>The last user turn was too long alone and kept only its end.</summary>
    public required bool LastTurnCut { get; init; }
}
