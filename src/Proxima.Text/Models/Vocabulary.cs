using Proxima.Text.Reading;

namespace Proxima.Text.Models;

/// <summary>Tokens and ids, both ways.</summary>
internal sealed class Vocabulary
{
    /// <summary>More than any vocabulary has; keeps a hostile id from taking the memory of that many.</summary>
    public const int MaxId = (1 << 22) - 1;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly string?[] _tokens;

    public Vocabulary(Dictionary<string, int> ids)
    {
        _ids = ids;
        _idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach ((string token, int id) in ids)
        {
            _tokens[id] = token;
        }
    }

    public int Count => _ids.Count;

    public IEnumerable<KeyValuePair<string, int>> Entries => _ids;

    /// <summary>Units of the longest token.</summary>
    public int LongestToken { get; init; }

    /// <summary>Reads an object of tokens and ids.</summary>
    public static Vocabulary Read(JsonField vocab)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        int longest = 0;
        foreach ((string token, JsonField id) in vocab.Entries())
        {
            ids[token] = id.Count(MaxId);
            longest = Math.Max(longest, token.Length);
        }

        return new Vocabulary(ids) { LongestToken = longest };
    }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _idsBySpan.TryGetValue(token, out id);

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;
}
