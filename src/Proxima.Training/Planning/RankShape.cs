namespace Proxima.Training.Planning;

/// <summary>The ranks of a planned run, the network between them, and what of the run decides how much they send.</summary>
public sealed record RankShape
{
    /// <summary>Ranks of the run.</summary>
    public required int Ranks { get; init; }

    /// <summary>Ranks of a sharding group; null: all.</summary>
    public int? Degree { get; init; }

    /// <summary>Seconds from one rank to another before the first byte comes, α.</summary>
    public required double Latency { get; init; }

    /// <summary>Bytes a second from one rank to another, β.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Tokens of the responses of one rank, at their longest.</summary>
    public required double ResponseTokens { get; init; }

    /// <summary>Whether supervised dialogues are learned beside PPO.</summary>
    public bool HasPtx { get; init; }
}
