namespace Proxima.Text.Models;

/// <summary>
/// Cuts a text before each visible space that follows another character, and encodes the parts. For models whose tokens
/// never reach over such a place; the ids are the same, and a text of words can be remembered word by word.
/// </summary>
internal sealed class SpaceCuttingEncoder(IPieceEncoder encoder) : IPieceEncoder
{
    public const char VisibleSpace = '\u2581';

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        while (!piece.IsEmpty)
        {
            int end = PartEnd(piece);
            encoder.Encode(piece[..end], ids);
            piece = piece[end..];
        }
    }

    /// <summary>Whether a text goes from another character to a visible space.</summary>
    public static bool HasCut(ReadOnlySpan<char> text) => !text.IsEmpty && PartEnd(text) < text.Length;

    private static int PartEnd(ReadOnlySpan<char> piece)
    {
        int word = piece.IndexOfAnyExcept(VisibleSpace);
        int space = word < 0 ? -1 : piece[word..].IndexOf(VisibleSpace);
        return space < 0 ? piece.Length : word + space;
    }
}
