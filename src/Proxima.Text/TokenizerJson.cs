using System.Text.Json;
using Proxima.Text.AddedTokens;
using Proxima.Text.Decoders;
using Proxima.Text.Models;
using Proxima.Text.Normalizers;
using Proxima.Text.PostProcessors;
using Proxima.Text.PreTokenizers;
using Proxima.Text.Reading;

namespace Proxima.Text;

/// <summary>
/// A tokenizer.json: added tokens, normalizer, pre-tokenizer, model, post-processor and decoder, in the order and
/// with the quirks of the official library.
/// </summary>
internal sealed class TokenizerJson : ITokenizerEngine
{
    private readonly AddedTokenTable _added;
    private readonly AddedTokenFinder _rawTokens;
    private readonly AddedTokenFinder _normalizedTokens;
    private readonly INormalizer _normalizer;
    private readonly IReadOnlyList<IPreTokenizer> _preTokenizers;
    private readonly IModel _model;
    private readonly IPieceEncoder _encoder;
    private readonly IReadOnlyList<IPostProcessor> _postProcessors;
    private readonly DecoderChain _decoders;

    private TokenizerJson(JsonField root, List<string> notes)
    {
        _model = ModelReader.Read(root.Field("model"), notes);
        _added = AddedTokenTable.Read(root.Optional("added_tokens"), _model.Vocabulary, notes);
        _normalizer = NormalizerReader.Read(root.Optional("normalizer"));
        _postProcessors = PostProcessorReader.Read(root.Optional("post_processor"));
        _decoders = DecoderReader.Read(root.Optional("decoder"));

        List<IPreTokenizer> preTokenizers = PreTokenizerReader.Read(root.Optional("pre_tokenizer"));
        bool endsInBytes = preTokenizers.LastOrDefault() is ByteLevelPreTokenizer;
        if (endsInBytes)
        {
            // The spelling in the byte alphabet is left to the encoder, behind its cache.
            preTokenizers[^1] = ((ByteLevelPreTokenizer)preTokenizers[^1]).WithoutSpelling();
        }

        _preTokenizers = preTokenizers;
        var cached = new CachedPieceEncoder(endsInBytes ? new BytePieceEncoder(_model) : _model);
        bool cutsAtSpaces = !endsInBytes && _model is BpeModel { CanCutAtSpaces: true };
        _encoder = cutsAtSpaces ? new SpaceCuttingEncoder(cached) : cached;
        Kind = endsInBytes ? $"{_model.Kind} (byte-level)" : _model.Kind;

        _rawTokens = new AddedTokenFinder([.. _added.Tokens.Where(token => !token.Normalized)], content => content);
        _normalizedTokens = new AddedTokenFinder(
            [.. _added.Tokens.Where(token => token.Normalized)],
            content => _normalizer.Normalize(new SourceText(content, StartsInput: true)).Text);
        VocabularySize = _model.Vocabulary.Count
            + _added.Tokens.Count(token => _model.Vocabulary.IdOf(token.Content) is null);
    }

    public string Kind { get; }

    public int VocabularySize { get; }

    public SpecialIds OwnSpecialIds => new() { Unk = _model.UnknownId };

    /// <summary>Reads a tokenizer.json; what is left aside is added to the notes.</summary>
    public static TokenizerJson Load(string path, List<string> notes)
    {
        using JsonDocument document = JsonFile.Open(path);
        JsonField root = JsonFile.Root(document, path);
        foreach (string key in (ReadOnlySpan<string>)["truncation", "padding"])
        {
            if (root.Optional(key) is JsonField field)
            {
                notes.Add($"{field.Path} is ignored: lengths are the business of the run's settings");
            }
        }

        return new TokenizerJson(root, notes);
    }

    public int? TokenToId(string token) => _added.Of(token)?.Id ?? _model.Vocabulary.IdOf(token);

    public string? IdToToken(int id) => _added.Of(id)?.Content ?? _model.Vocabulary.TokenOf(id);

    public bool IsSpecial(int id) => _added.Of(id) is { Special: true };

    public List<int> Encode(string text)
    {
        var ids = new List<int>((text.Length / 3) + 1);
        foreach (TextSegment segment in _rawTokens.Cut(text))
        {
            if (segment.TokenId is int id)
            {
                ids.Add(id);
            }
            else
            {
                var source = new SourceText(text[segment.Start..segment.End], StartsInput: segment.Start == 0);
                EncodeNormalized(_normalizer.Normalize(source), ids);
            }
        }

        return ids;
    }

    public List<int> AddSpecialTokens(List<int> ids) =>
        _postProcessors.Aggregate(ids, (all, step) => step.Process(all));

    public ITokenSink StartDecoding(ITokenSink output) => _decoders.Start(output);

    private void EncodeNormalized(SourceText source, List<int> ids)
    {
        foreach (TextSegment segment in _normalizedTokens.Cut(source.Text))
        {
            if (segment.TokenId is int id)
            {
                ids.Add(id);
                continue;
            }

            var part = new SourceText(
                source.Text[segment.Start..segment.End], source.StartsInput && segment.Start == 0);
            EncodePieces(part, ids);
        }
    }

    private void EncodePieces(SourceText source, List<int> ids)
    {
        var pieces = new PieceList(source);
        foreach (IPreTokenizer step in _preTokenizers)
        {
            step.Apply(pieces);
        }

        foreach (PieceRange range in pieces.Ranges)
        {
            _encoder.Encode(pieces.Text.AsSpan(range.Start, range.End - range.Start), ids);
        }
    }
}
