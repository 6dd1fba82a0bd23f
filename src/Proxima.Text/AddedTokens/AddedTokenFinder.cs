using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text.AddedTokens;

/// <summary>Cuts a text at the added tokens in it.</summary>
internal sealed class AddedTokenFinder
{
    private readonly IReadOnlyList<AddedToken> _tokens;
    private readonly AddedTokenTrie _trie;

    /// <param name="tokens">The tokens sought.</param>
    /// <param name="spelling">How a token is spelt in the texts that will be cut.</param>
    public AddedTokenFinder(IReadOnlyList<AddedToken> tokens, Func<string, string> spelling)
    {
        _tokens = tokens;
        _trie = new AddedTokenTrie(tokens.Select((token, index) => (spelling(token.Content), index)));
    }

    /// <summary>The segments of a text in order; they cover it, and none of text is empty.</summary>
    public List<TextSegment> Cut(string text)
    {
        var segments = new List<TextSegment>();
        int done = 0;
        int from = 0;
        while (!_trie.IsEmpty && _trie.Find(text, from) is var (start, end, index))
        {
            from = end;
            AddedToken token = _tokens[index];
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(end))))
            {
                continue;
            }

            if (token.TakesSpaceBefore)
            {
                start = Math.Max(done, start - SpaceAtEnd(text.AsSpan(0, start)));
            }

            if (token.TakesSpaceAfter)
            {
                end += SpaceAtStart(text.AsSpan(end));
            }

            if (done < start)
            {
                segments.Add(new TextSegment(done, start, null));
            }

            segments.Add(new TextSegment(start, end, token.Id));
            done = end;
        }

        if (done < text.Length)
        {
            segments.Add(new TextSegment(done, text.Length, null));
        }

        return segments;
    }

    // White space has no surrogates, so units are enough.
    private static int SpaceAtEnd(ReadOnlySpan<char> text) => text.Length - text.TrimEnd().Length;

    private static int SpaceAtStart(ReadOnlySpan<char> text) => text.Length - text.TrimStart().Length;

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);

    private static bool IsWord(Rune rune) => UnicodeClasses.Word.Contains(rune.Value);
}
