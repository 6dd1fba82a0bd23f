namespace Proxima.Models.Families;

/// <summary>Values of a class of transformers where config.json has none.</summary>
internal sealed record FamilyDefaults
{
    public int MaxPositions { get; init; } = 2048;

    /// <summary>null: hidden ÷ heads.</summary>
    public int? HeadSize { get; init; }

    /// <summary>null: as many as heads, which also holds where the heads are no multiple of it.</summary>
    public int? KeyValueHeadCount { get; init; }

    public double NormEpsilon { get; init; } = 1e-6;

    public double Theta { get; init; } = 10000;

    public bool TieWordEmbeddings { get; init; }

    public int? EosTokenId { get; init; }

    public int? BosTokenId { get; init; }

    public int? PadTokenId { get; init; }
}
