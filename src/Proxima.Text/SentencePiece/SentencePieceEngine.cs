using Proxima.Text.AddedTokens;
using Proxima.Text.Decoders;

namespace Proxima.Text.SentencePiece;

/// <summary>A SentencePiece tokenizer.model, with the added tokens that the model's folder names beside it.</summary>
internal sealed class SentencePieceEngine : ITokenizerEngine
{
    private readonly SentencePieceFile _file;
    private readonly PieceTable _table;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly IPieceCutter _cutter;
    private readonly SentencePieceExtras _extras;
    private readonly AddedTokenFinder _finder;
    private readonly Dictionary<string, AddedToken> _addedByContent;
    private readonly Dictionary<int, AddedToken> _addedById;

    public SentencePieceEngine(string path, SentencePieceExtras extras)
    {
        _file = SentencePieceFileReader.Read(path);
        _table = new PieceTable(_file.Pieces);
        _normalizer = new SentencePieceNormalizer(_file, path);
        _cutter = _file.ModelType == ModelType.Bpe ? new BpeCutter(_table) : new UnigramCutter(_table);
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
                EncodeStretch(text[segment.Start..segment.End], ids);
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

    private void EncodeStretch(string text, List<int> ids)
    {
        string normalized = _normalizer.Normalize(text);
        var pieces = new List<FoundPiece>();
        _cutter.Cut(normalized, pieces);
        bool afterUnknown = false;
        foreach (FoundPiece piece in pieces)
        {
            bool isUnknown = piece.Id == _table.UnknownId;
            if (isUnknown && _file.ByteFallback)
            {
                AddBytes(normalized.AsSpan(piece.Start, piece.End - piece.Start), ids);
            }
            else if (!(isUnknown && afterUnknown))
            {
                ids.Add(piece.Id); // Neighbouring unknown pieces make one.
            }

            afterUnknown = isUnknown;
        }
    }

    private void AddBytes(ReadOnlySpan<char> text, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                ids.Add(_table.IdOfByte(value));
            }
        }
    }
}
