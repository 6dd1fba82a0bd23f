using Proxima.Text.Models;
using Proxima.Text.Reading;

namespace Proxima.Text.AddedTokens;

/// <summary>The added tokens of a tokenizer, numbered as the official library numbers them.</summary>
internal sealed class AddedTokenTable
{
    private const int MaxContent = 512;
    private const int MaxTokens = 200_000;
    private const int ShownTokens = 3;

    private readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _byId = [];
    private int _largestId = -1;

    public IReadOnlyCollection<AddedToken> Tokens => _byContent.Values;

    /// <summary>Reads "added_tokens"; ids that do not follow the vocabulary are given anew, with a note.</summary>
    public static AddedTokenTable Read(JsonField? entry, Vocabulary vocabulary, List<string> notes)
    {
        var table = new AddedTokenTable();
        if (entry is not JsonField tokens)
        {
            return table;
        }

        var renumbered = new List<string>();
        foreach (JsonField token in tokens.Items())
        {
            string content = token.Text("content");
            if (content.Length > MaxContent || table._byContent.Count >= MaxTokens)
            {
                throw token.Error($"over {MaxTokens} added tokens, or one of more than {MaxContent} characters");
            }

            int stated = token.Field("id").Count(Vocabulary.MaxId);
            AddedToken added = table.Add(new AddedToken(
                vocabulary.IdOf(content) ?? table.NextId(vocabulary),
                content,
                token.FlagOr("single_word", false),
                token.FlagOr("lstrip", false),
                token.FlagOr("rstrip", false),
                token.FlagOr("normalized", false),
                token.FlagOr("special", false)));
            if (content.Length > 0 && added.Id != stated)
            {
                renumbered.Add($"\"{content}\" has {added.Id} instead of {stated}");
            }
        }

        if (renumbered.Count > 0)
        {
            string more = renumbered.Count > ShownTokens ? ", …" : string.Empty;
            notes.Add($"{tokens.Path}: {renumbered.Count} ids do not follow the vocabulary and are given anew, as the official "
                + $"library does: {string.Join(", ", renumbered.Take(ShownTokens))}{more}");
        }

        return table;
    }

    public AddedToken? Of(string content) => _byContent.GetValueOrDefault(content);

    public AddedToken? Of(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Adds a token; one of the same content keeps its id.</summary>
    private AddedToken Add(AddedToken token)
    {
        if (token.Content.Length == 0)
        {
            return token;
        }

        if (_byContent.TryGetValue(token.Content, out AddedToken? known))
        {
            token = token with { Id = known.Id };
        }

        _byContent[token.Content] = token;
        _byId[token.Id] = token;
        _largestId = Math.Max(_largestId, token.Id);
        return token;
    }

    private int NextId(Vocabulary vocabulary) => Math.Max(_largestId + 1, vocabulary.Count);
}
