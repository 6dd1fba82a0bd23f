namespace Proxima.Generation.Fused;

/// <summary>The weights of one block.</summary>
internal sealed record PackedLayer : IDisposable
{
    public required PackedNorm AttentionNorm { get; init; }

    /// <summary>Queries, keys and values one after the other, (H + 2 Hkv) · D rows.</summary>
    public required PackedMatrix QueryKeyValue { get; init; }

    public required PackedNorm? QueryNorm { get; init; }

    public required PackedNorm? KeyNorm { get; init; }

    public required PackedMatrix Output { get; init; }

    public required PackedNorm? AttentionResultNorm { get; init; }

    public required PackedNorm FeedForwardNorm { get; init; }

    /// <summary>Where there is a gate, each panel holds 16 rows of it and the same 16 of the other matrix.</summary>
    public required PackedMatrix Inner { get; init; }

    public required PackedMatrix Down { get; init; }

    public required PackedNorm? FeedForwardResultNorm { get; init; }

    /// <summary>Tokens that a token sees, itself included; null: all before it.</summary>
    public required int? Window { get; init; }

    public IEnumerable<PackedMatrix> Matrices => [QueryKeyValue, Output, Inner, Down];

    public IEnumerable<PackedNorm> Norms =>
        new[] { AttentionNorm, QueryNorm, KeyNorm, AttentionResultNorm, FeedForwardNorm, FeedForwardResultNorm }.OfType<PackedNorm>();

    public void Dispose()
    {
        foreach (PackedMatrix matrix in Matrices)
        {
            matrix.Dispose();
        }
    }
}
