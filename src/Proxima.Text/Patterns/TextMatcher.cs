using System.Text;

namespace Proxima.Text.Patterns;

/// <summary>What a split or a replacement looks for: a literal text or a regular expression.</summary>
internal sealed class TextMatcher
{
    private readonly string? _literal;
    private readonly Pattern? _pattern;

    private TextMatcher(string? literal, Pattern? pattern)
    {
        _literal = literal;
        _pattern = pattern;
    }

    public static TextMatcher Literal(string text) => new(text, null);

    public static TextMatcher Regex(string pattern) => new(null, Pattern.Compile(pattern));

    /// <summary>The one character sought, when it is a literal of one UTF-16 unit.</summary>
    public char? SingleCharacter => _literal is [char only] ? only : null;

    /// <summary>All matches in a text, in order.</summary>
    public MatchCursor Matches(ReadOnlySpan<char> text) => new(this, text);

    /// <summary>The first match at or after <paramref name="from"/>, or null.</summary>
    public (int Start, int End)? Find(ReadOnlySpan<char> text, int from)
    {
        if (_pattern is not null)
        {
            return _pattern.Find(text, from);
        }

        if (string.IsNullOrEmpty(_literal))
        {
            return null;
        }

        int found = text[from..].IndexOf(_literal);
        return found < 0 ? null : (from + found, from + found + _literal.Length);
    }

    /// <summary>The text with every match replaced.</summary>
    public string Replace(string text, string content)
    {
        if (!string.IsNullOrEmpty(_literal))
        {
            return text.Replace(_literal, content, StringComparison.Ordinal);
        }

        StringBuilder? result = null;
        int done = 0;
        MatchCursor matches = Matches(text);
        while (matches.MoveNext())
        {
            result ??= new StringBuilder(text.Length);
            result.Append(text, done, matches.Start - done).Append(content);
            done = matches.End;
        }

        return result is null ? text : result.Append(text, done, text.Length - done).ToString();
    }
}
