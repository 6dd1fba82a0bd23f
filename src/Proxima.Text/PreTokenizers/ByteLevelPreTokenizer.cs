using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text.PreTokenizers;

/// <summary>Cuts pieces with the GPT-2 pattern and writes them with the byte alphabet; each part can be left out.</summary>
internal sealed class ByteLevelPreTokenizer : IPreTokenizer
{
    private const string Gpt2Pattern =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Puts a space before every piece that does not begin with one.</summary>
    public bool AddsPrefixSpace { get; init; }

    public bool UsesPattern { get; init; }

    /// <summary>False when the model reads pieces as bytes itself.</summary>
    public bool Spells { get; init; }

    /// <summary>The same without writing the byte alphabet, for a model that does it by itself.</summary>
    public ByteLevelPreTokenizer WithoutSpelling() =>
        new() { AddsPrefixSpace = AddsPrefixSpace, UsesPattern = UsesPattern, Spells = false };

    private static Lazy<SplitPreTokenizer> Gpt2Split { get; } =
        new(() => SplitPreTokenizer.At(TextMatcher.Regex(Gpt2Pattern), SplitBehavior.Isolated));

    public void Apply(PieceList pieces)
    {
        if (AddsPrefixSpace)
        {
            pieces.Rewrite(AddPrefix);
        }

        if (UsesPattern)
        {
            Gpt2Split.Value.Apply(pieces);
        }

        if (Spells)
        {
            pieces.Rewrite(Spell);
        }
    }

    private static void AddPrefix(ReadOnlySpan<char> piece, bool startsInput, StringBuilder text)
    {
        if (piece[0] != ' ')
        {
            text.Append(' ');
        }

        text.Append(piece);
    }

    private static void Spell(ReadOnlySpan<char> piece, bool startsInput, StringBuilder text)
    {
        var letters = new char[ByteAlphabet.MaxSpelling(piece.Length)];
        text.Append(letters, 0, ByteAlphabet.Spell(piece, letters));
    }
}
