namespace Proxima.Data.Dialogues;

/// <summary>One line of the src/tgt data protocol.</summary>
public sealed record Dialogue
{
    /// <summary>The user's turns, at least one, none of them empty.</summary>
    public required IReadOnlyList<string> Src { get; init; }

    /// <summary>The replies to the user's turns: all but the last for a prompt, all of them for SFT.</summary>
    public required IReadOnlyList<string> Tgt { get; init; }

    /// <summary>What the system message says, if there is one.</summary>
    public string? System { get; init; }

    /// <summary>Handed to reward functions and servers as it stands.</summary>
    public string? Label { get; init; }

    /// <summary>Candidate replies to the last user turn (preference data only).</summary>
    public IReadOnlyList<string>? Response { get; init; }

    /// <summary>One number for each of <see cref="Response"/>; higher is better (preference data only).</summary>
    public IReadOnlyList<double>? Sort { get; init; }

    /// <summary>As training data: the earlier replies are history, whatever the format could do.</summary>
    public bool TrainsLastReplyOnly { get; init; }

    /// <summary>Where it was read, for messages.</summary>
    public SourceLine? Origin { get; init; }

    /// <summary>The dialogue up to one of its replies, that reply being what is trained.</summary>
    /// <param name="replies">how many replies are kept, at least one</param>
    public Dialogue UpToReply(int replies) => this with
    {
        Src = [.. Src.Take(replies)],
        Tgt = [.. Tgt.Take(replies)],
        TrainsLastReplyOnly = true,
    };
}
