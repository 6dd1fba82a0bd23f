namespace Proxima.Text.Models;

/// <summary>Each piece is one token or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknownToken) : IModel
{
    public string Kind => "WordLevel";

    public Vocabulary Vocabulary => vocabulary;

    public int? UnknownId { get; } = vocabulary.IdOf(unknownToken);

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (vocabulary.TryGetId(piece, out int id))
        {
            ids.Add(id);
        }
        else if (UnknownId is int unknown)
        {
            ids.Add(unknown);
        }
    }
}
