namespace Proxima.Text.SentencePiece;

/// <summary>A stretch of a normalised text and its id, which is that of the unknown piece for what the vocabulary lacks.</summary>
internal readonly record struct FoundPiece(int Start, int End, int Id);
