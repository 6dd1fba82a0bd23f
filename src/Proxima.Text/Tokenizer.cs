using Proxima.Core;
using Proxima.Text.Reading;
using Proxima.Text.SentencePiece;

namespace Proxima.Text;

/// <summary>
/// Text to token ids and back, exactly as the official libraries do it: from a tokenizer.json, else from a SentencePiece
/// tokenizer.model. Immutable after loading, so any number of threads may use one.
/// </summary>
public sealed class Tokenizer
{
    private readonly ITokenizerEngine _engine;

    private Tokenizer(ITokenizerEngine engine, SpecialIds specialIds, IReadOnlyList<string> notes)
    {
        _engine = engine;
        BosId = specialIds.Bos;
        EosId = specialIds.Eos;
        PadId = specialIds.Pad;
        UnkId = specialIds.Unk;
        Notes = notes;
    }

    /// <summary>What kind of tokenizer it is, for people: "BPE (byte-level)".</summary>
    public string Kind => _engine.Kind;

    /// <summary>The number of tokens, added ones included.</summary>
    public int VocabularySize => _engine.VocabularySize;

    /// <summary>Id of the token that begins a text; null when the tokenizer names none.</summary>
    public int? BosId { get; }

    /// <summary>Id of the token that ends a text; null when the tokenizer names none.</summary>
    public int? EosId { get; }

    /// <summary>Id of the token that fills batches; null when the tokenizer names none.</summary>
    public int? PadId { get; }

    /// <summary>Id of the token for what the vocabulary lacks; null when the tokenizer names none.</summary>
    public int? UnkId { get; }

    /// <summary>What the tokenizer's files ask for and is not done, one sentence each, to be said once.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Loads the tokenizer of a model folder.</summary>
    /// <param name="folder">A folder with tokenizer.json or tokenizer.model, and tokenizer_config.json where there is one.</param>
    /// <exception cref="ProximaException">Neither file is there, or one is broken or of an unsupported kind.</exception>
    public static Tokenizer Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var notes = new List<string>();
        ITokenizerEngine engine = LoadEngine(folder, notes);
        return new Tokenizer(engine, SpecialIdReader.Read(folder, engine, notes), notes);
    }

    /// <summary>Ids of a text; added tokens in it are recognised, no special tokens are put around it.</summary>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. _engine.Encode(Utf8Text.WithoutLoneSurrogates(text))];
    }

    /// <summary>Ids of a text with the special tokens that the tokenizer puts around a single text.</summary>
    public int[] EncodeWithSpecialTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. _engine.AddSpecialTokens(_engine.Encode(Utf8Text.WithoutLoneSurrogates(text)))];
    }

    /// <summary>The text of ids, special tokens left out. Ids outside the vocabulary give nothing.</summary>
    public string Decode(ReadOnlySpan<int> ids) => Decode(ids, SpecialTokenDisplay.Skip);

    /// <summary>The text of ids, special tokens as their text. Ids outside the vocabulary give nothing.</summary>
    public string DecodeWithSpecialTokens(ReadOnlySpan<int> ids) => Decode(ids, SpecialTokenDisplay.Show);

    /// <summary>A decoder that takes ids as they come.</summary>
    public StreamingDecoder NewStreamingDecoder(SpecialTokenDisplay display = SpecialTokenDisplay.Skip) =>
        new(_engine, display);

    /// <summary>The id of a token spelt as in the vocabulary; null when there is none.</summary>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _engine.TokenToId(token);
    }

    /// <summary>The token of an id, spelt as in the vocabulary; null when there is none.</summary>
    public string? IdToToken(int id) => _engine.IdToToken(id);

    /// <summary>Whether decoding leaves the id out.</summary>
    public bool IsSpecial(int id) => _engine.IsSpecial(id);

    private static ITokenizerEngine LoadEngine(string folder, List<string> notes)
    {
        string json = Path.Combine(folder, "tokenizer.json");
        if (File.Exists(json))
        {
            return TokenizerJson.Load(json, notes);
        }

        string model = Path.Combine(folder, "tokenizer.model");
        return File.Exists(model)
            ? new SentencePieceEngine(model, SentencePieceExtras.Read(folder))
            : throw new ProximaException(
                ExitCode.Data,
                $"{folder} holds no tokenizer. Expected tokenizer.json, or the SentencePiece file tokenizer.model, "
                + "in the model's folder.");
    }

    private string Decode(ReadOnlySpan<int> ids, SpecialTokenDisplay display)
    {
        var decoder = new StreamingDecoder(_engine, display);
        var text = new System.Text.StringBuilder();
        foreach (int id in ids)
        {
            text.Append(decoder.Push(id));
        }

        return text.Append(decoder.Finish()).ToString();
    }
}
