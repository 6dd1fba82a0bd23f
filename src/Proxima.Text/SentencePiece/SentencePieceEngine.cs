using Proxima.Text.AddedTokens;
using Proxima.Text.Decoders;
using Proxima.Text.Models;

namespace Proxima.Text.SentencePiece;

/// <summary>A SentencePiece tokenizer.model, with the added tokens that the model's folder names beside it.</summary>
internal sealed class SentencePieceEngine : ITokenizerEngine
{
    private readonly SentencePieceFile _file;
    private readonly PieceTable _table;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly IPieceEncoder _encoder;
    private readonly SentencePieceExtras _extras;
    private readonly AddedTokenFinder _finder;
    private readonly Dictionary<string, AddedToken> _addedByContent;
    private readonly Dictionary<int, AddedToken> _addedById;

    public SentencePieceEngine(string path, SentencePieceExtras extras)
    {
        _file = SentencePieceFileReader.Read(path);
        _table = new PieceTable(_file.Pieces);
        _normalizer = new SentencePieceNormalizer(_file, path);
        _encoder = Encoder(_file, _table);
        _extras = extras;
        _finder = new AddedTokenFinder(extras.AddedTokens, content => content);
        _addedByContent = extras.AddedTokens.ToDictionary(token => token.Content, StringComparer.Ordinal);
        _addedById = extras.AddedTokens.ToDictionary(token => token.Id);
        VocabularySize = Math.Max(_table.Count, extras.AddedTokens.Select(token => token.Id + 1).DefaultIfEmpty(0).Max());
    }

    public string Kind => (_file.ModelType == ModelType.Bpe ? "SentencePiece BPE" : "SentencePiece Unigram")
        + (_file.ByteFallback ? " (byte fallback)" : string.Empty);

    public int VocabularySize { get; }

    public SpecialIds OwnSpecialIds => new()
    {
        Bos = ControlId(_file.BosPiece),
        Eos = ControlId(_file.EosPiece),
        Pad = ControlId(_file.PadPiece),
        Unk = _table.UnknownId,
    };

    public int? TokenToId(string token) => _addedByContent.GetValueOrDefault(token)?.Id ?? _table.IdOf(token);

    public string? IdToToken(int id) => _addedById.GetValueOrDefault(id)?.Content ?? _table.Of(id)?.Text;

    public bool IsSpecial(int id) => _addedById.GetValueOrDefault(id) is { Special: true }
        || _table.Of(id) is { Type: PieceType.Control };

    public List<int> Encode(string text)
    {
        var ids = new List<int>((text.Length / 3) + 1);
        foreach (TextSegment segment in _finder.Cut(text))
        {
            if (segment.TokenId is int id)
            {
                ids.Add(id);
            }
            else
            {
                string stretch = text[segment.Start..segment.End];
                bool continues = segment.Start > 0 && !_extras.PrefixesEveryStretch;
                _encoder.Encode(
                    continues ? _normalizer.NormalizeContinuation(stretch) : _normalizer.Normalize(stretch), ids);
            }
        }

        return ids;
    }

    public List<int> AddSpecialTokens(List<int> ids)
    {
        SpecialIds own = OwnSpecialIds;
        var all = new List<int>(ids.Count + 2);
        if (_extras.AddsBos && own.Bos is int bos)
        {
            all.Add(bos);
        }

        all.AddRange(ids);
        if (_extras.AddsEos && own.Eos is int eos)
        {
            all.Add(eos);
        }

        return all;
    }

    public ITokenSink StartDecoding(ITokenSink output) => new SentencePieceSink(_file, _table, output);

    private int? ControlId(string piece) =>
        _table.IdOf(piece) is int id && _table.Of(id) is { Type: PieceType.Control } ? id : null;

    private static IPieceEncoder Encoder(SentencePieceFile file, PieceTable table)
    {
        if (file.ModelType == ModelType.Unigram)
        {
            // Sums of scores are rounded along the whole text, so it must stay whole.
            return new SentencePieceEncoder(new UnigramCutter(table), table, file.ByteFallback);
        }

        var encoder = new SentencePieceEncoder(new BpeCutter(table), table, file.ByteFallback);
        return table.CanCutAtSpaces ? new SpaceCuttingEncoder(new CachedPieceEncoder(encoder)) : encoder;
    }
}
