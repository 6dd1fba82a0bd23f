namespace Proxima.Text.SentencePiece;

/// <summary>What a tokenizer.model holds; absent entries have the defaults of the format.</summary>
internal sealed record SentencePieceFile
{
    public required IReadOnlyList<Piece> Pieces { get; init; }

    public ModelType ModelType { get; init; } = ModelType.Unigram;

    /// <summary>Unknown characters become byte pieces.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>What an unknown piece decodes to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    public string UnknownPiece { get; init; } = "<unk>";

    public string BosPiece { get; init; } = "<s>";

    public string EosPiece { get; init; } = "</s>";

    public string PadPiece { get; init; } = "<pad>";

    /// <summary>The table of character replacements; empty for none.</summary>
    public byte[] CharacterMap { get; init; } = [];

    /// <summary>A space is put before the text.</summary>
    public bool AddsDummyPrefix { get; init; } = true;

    /// <summary>Spaces at the ends go, and runs of them become one.</summary>
    public bool RemovesExtraSpaces { get; init; } = true;

    /// <summary>Spaces are written as U+2581.</summary>
    public bool EscapesSpaces { get; init; } = true;
}
