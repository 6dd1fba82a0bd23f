namespace Proxima.Data.Examples;

/// <summary>A prompt and what follows it, as tokens.</summary>
public sealed record EncodedExample
{
    /// <summary>[T] token ids.</summary>
    public required int[] Ids { get; init; }

    /// <summary>[T] true where the token belongs to a reply that is trained or scored, its end of turn included.</summary>
    public required bool[] LossMask { get; init; }

    /// <summary>How many of the oldest exchanges (a user turn and its reply) were left out to fit.</summary>
    public required int DroppedTurns { get; init; }

    /// <summary>The last user turn was too long and kept only its end.</summary>
    public required bool LastTurnCut { get; init; }

    /// <summary>The last reply was too long and kept only its beginning; it then has no end of turn.</summary>
    public required bool ReplyCut { get; init; }

    /// <summary>A prompt with a reply behind it.</summary>
    internal static EncodedExample Join(EncodedPrompt prompt, int[] reply, bool replyCut)
    {
        bool[] mask = new bool[prompt.Ids.Length + reply.Length];
        mask.AsSpan(prompt.Ids.Length).Fill(true);
        return new EncodedExample
        {
            Ids = [.. prompt.Ids, .. reply],
            LossMask = mask,
            DroppedTurns = prompt.DroppedTurns,
            LastTurnCut = prompt.LastTurnCut,
            ReplyCut = replyCut,
        };
    }
}
