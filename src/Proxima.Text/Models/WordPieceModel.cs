using System.Text;

namespace Proxima.Text.Models;

/// <summary>
/// Takes the longest token at each place of a word; a word with a part that no token begins is unknown as a whole.
/// </summary>
internal sealed class WordPieceModel : IModel
{
    private readonly TokenTrie _wordStarts = new();
    private readonly TokenTrie _continuations = new();
    private readonly int _longestWord;

    /// <param name="vocabulary">Tokens and ids.</param>
    /// <param name="unknownToken">Stands for whole words.</param>
    /// <param name="prefix">Marks tokens that continue a word.</param>
    /// <param name="longestWord">Words of more characters (code points) are unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, string unknownToken, string prefix, int longestWord)
    {
        Vocabulary = vocabulary;
        UnknownId = vocabulary.IdOf(unknownToken);
        _longestWord = longestWord;
        foreach ((string token, int id) in vocabulary.Entries)
        {
            _wordStarts.Add(token, id);
            if (token.StartsWith(prefix, StringComparison.Ordinal))
            {
                _continuations.Add(token[prefix.Length..], id);
            }
        }
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
        for (int start = 0; start < piece.Length;)
        {
            TokenTrie trie = start == 0 ? _wordStarts : _continuations;
            int length = trie.Longest(piece[start..], out int id);
            if (length == 0)
            {
                return false;
            }

            ids.Add(id);
            start += length;
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
