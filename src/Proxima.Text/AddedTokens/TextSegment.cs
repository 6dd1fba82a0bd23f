namespace Proxima.Text.AddedTokens;

/// <summary>A stretch of a text: an added token, or text between two of them.</summary>
/// <param name="Start">Index of its first UTF-16 unit.</param>
/// <param name="End">Index after its last.</param>
/// <param name="TokenId">Id of the added token; null for text.</param>
internal readonly record struct TextSegment(int Start, int End, int? TokenId);
