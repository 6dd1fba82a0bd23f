using System.Text;

namespace Proxima.Text.Models;

/// <summary>Takes the longest token at each place of a word; a word with a part that no token begins is unknown as a whole.</summary>
internal sealed class WordPieceModel : IModel
{
    private readonly string _prefix;
    private readonly int _longestWord;

    /// <param name="vocabulary">Tokens and ids.</param>
    /// <param name="unknownToken">Stands for whole words.</param>
    /// <param name="prefix">Marks tokens that continue a word.</param>
    /// <param name="longestWord">Words of more characters (code points) are unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, string unknownToken, string prefix, int longestWord)
    {
        Vocabulary = vocabulary;
        UnknownId = vocabulary.IdOf(unknownToken);
        _prefix = prefix;
        _longestWord = longestWord;
    }

    public string Kind => "WordPiece";

    public Vocabulary Vocabulary { get; }

    public int? UnknownId { get; }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        int before = ids.Count;
        if (Length(piece) > _longestWord || !TryEncode(piece, ids))
        {
            ids.RemoveRange(before, ids.Count - before);
            if (UnknownId is int unknown)
            {
                ids.Add(unknown);
            }
        }
    }

    private bool TryEncode(ReadOnlySpan<char> piece, List<int> ids)
    {
        // The prefix stands right before what is left of the word, so that a token is one stretch of the buffer.
        var buffer = new char[_prefix.Length + piece.Length];
        piece.CopyTo(buffer.AsSpan(_prefix.Length));
        for (int start = 0; start < piece.Length;)
        {
            int head = start == 0 ? 0 : _prefix.Length;
            _prefix.AsSpan(0, head).CopyTo(buffer.AsSpan(_prefix.Length + start - head));
            ReadOnlySpan<char> rest = buffer.AsSpan(_prefix.Length + start - head);
            int length = Math.Min(rest.Length, Vocabulary.LongestToken);
            int id = 0;
            while (length > head && !Vocabulary.TryGetId(rest[..length], out id))
            {
                length--;
            }

            if (length <= head)
            {
                return false;
            }

            ids.Add(id);
            start += length - head;
        }

        return true;
    }

    private static int Length(ReadOnlySpan<char> piece)
    {
        int count = 0;
        foreach (Rune _ in piece.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
