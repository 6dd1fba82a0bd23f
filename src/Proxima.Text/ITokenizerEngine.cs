using Proxima.Text.Decoders;

namespace Proxima.Text;

/// <summary>What a tokenizer file, of whichever format, can do. Ids are those of the model's embedding rows.</summary>
internal interface ITokenizerEngine
{
    public string Kind { get; }

    /// <summary>Tokens, added ones included.</summary>
    public int VocabularySize { get; }

    /// <summary>What the file itself says these are; null when it does not say.</summary>
    public SpecialIds OwnSpecialIds { get; }

    public int? TokenToId(string token);

    public string? IdToToken(int id);

    public bool IsSpecial(int id);

    /// <summary>Ids of valid UTF-16 text, without special tokens around it.</summary>
    public List<int> Encode(string text);

    /// <summary>Adds the special tokens that belong around a text.</summary>
    public List<int> AddSpecialTokens(List<int> ids);

    /// <summary>The steps that turn the tokens of <see cref="IdToToken"/> into text.</summary>
    public ITokenSink StartDecoding(ITokenSink output);
}
