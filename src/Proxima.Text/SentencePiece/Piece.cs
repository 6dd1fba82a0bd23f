namespace Proxima.Text.SentencePiece;

/// <summary>One entry of the vocabulary; its index is its id.</summary>
internal sealed record Piece(string Text, float Score, PieceType Type);
