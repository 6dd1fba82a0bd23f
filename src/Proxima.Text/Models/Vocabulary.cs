using Proxima.Text.Reading;

namespace Proxima.Text.Models;

/// <summary>Tokens and ids, both ways.</summary>
internal sealed class Vocabulary
{
    /// <summary>More than any vocabulary has; keeps a hostile id from taking the memory of that many.</summary>
    public const int MaxId = (1 << 22) - 1;

    /// <summary>Longer than any token that is sought character by character.</summary>
    public const int LongestText = 1000;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly string?[] _tokens;

    private Vocabulary(Dictionary<string, int> ids, string?[] tokens, int count)
    {
        _ids = ids;
        _idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = tokens;
        Count = count;
    }

    /// <summary>The number of tokens.</summary>
    public int Count { get; }

    public IEnumerable<KeyValuePair<string, int>> Entries => _ids;

    /// <summary>Reads an object of tokens and ids.</summary>
    public static Vocabulary Read(JsonField vocab)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, JsonField id) in vocab.Entries())
        {
            ids[token] = id.Count(MaxId);
        }

        var tokens = new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1];
        foreach ((string token, int id) in ids)
        {
            tokens[id] = token;
        }

        return new Vocabulary(ids, tokens, ids.Count);
    }

    /// <summary>Numbers tokens from zero on; of two equal ones the later is found by its text.</summary>
    public static Vocabulary Of(IReadOnlyList<string> tokens)
    {
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
        {
            ids[tokens[id]] = id;
        }

        return new Vocabulary(ids, [.. tokens], tokens.Count);
    }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _idsBySpan.TryGetValue(token, out id);

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;
}
