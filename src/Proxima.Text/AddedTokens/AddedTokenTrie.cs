using System.Buffers;

namespace Proxima.Text.AddedTokens;

/// <summary>Finds the longest of many texts at the leftmost place where one of them begins.</summary>
internal sealed class AddedTokenTrie
{
    private const int Root = 0;
    private const int None = -1;

    private readonly Dictionary<(int Node, char Next), int> _children = [];
    private readonly List<int> _values = [None];
    private readonly SearchValues<char> _firsts;

    /// <param name="entries">Text and value of each; of two equal texts the first is kept. Empty texts are left out.</param>
    public AddedTokenTrie(IEnumerable<(string Text, int Value)> entries)
    {
        var firsts = new HashSet<char>();
        foreach ((string text, int value) in entries)
        {
            if (text.Length == 0)
            {
                continue;
            }

            firsts.Add(text[0]);
            Insert(text, value);
        }

        _firsts = SearchValues.Create([.. firsts]);
        IsEmpty = firsts.Count == 0;
    }

    public bool IsEmpty { get; }

    /// <summary>The first match at or after <paramref name="from"/>, or null.</summary>
    public (int Start, int End, int Value)? Find(ReadOnlySpan<char> text, int from)
    {
        for (int start = from; start < text.Length; start++)
        {
            int skipped = text[start..].IndexOfAny(_firsts);
            if (skipped < 0)
            {
                return null;
            }

            start += skipped;
            if (LongestAt(text, start) is var (end, value))
            {
                return (start, end, value);
            }
        }

        return null;
    }

    private void Insert(string text, int value)
    {
        int node = Root;
        foreach (char c in text)
        {
            if (!_children.TryGetValue((node, c), out int child))
            {
                child = _values.Count;
                _values.Add(None);
                _children.Add((node, c), child);
            }

            node = child;
        }

        if (_values[node] == None)
        {
            _values[node] = value;
        }
    }

    private (int End, int Value)? LongestAt(ReadOnlySpan<char> text, int start)
    {
        (int End, int Value)? longest = null;
        int node = Root;
        for (int at = start; at < text.Length && _children.TryGetValue((node, text[at]), out node); at++)
        {
            if (_values[node] != None)
            {
                longest = (at + 1, _values[node]);
            }
        }

        return longest;
    }
}
