using System.Buffers;
using System.Globalization;
using System.Text;

namespace Proxima.Text.Models;

/// <summary>
/// Byte-pair encoding over characters: known characters, else their bytes, else the unknown token, then merges.
/// </summary>
internal sealed class BpeModel : IModel
{
    private const int Absent = -1;

    private readonly BpeOptions _options;
    private readonly MergeTable _merges;
    private readonly int[] _byteIds = new int[256];
    private readonly int[] _characterIds = new int[char.MaxValue + 1];

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        UnknownId = options.UnknownToken is string unknown ? vocabulary.IdOf(unknown) : null;
        for (int value = 0; value < _byteIds.Length; value++)
        {
            string token = string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");
            _byteIds[value] = vocabulary.IdOf(token) ?? Absent;
        }

        Array.Fill(_characterIds, Absent);
        foreach ((string token, int id) in vocabulary.Entries)
        {
            if (token is [char only])
            {
                _characterIds[only] = id;
            }
        }
    }

    public string Kind => _options.ByteFallback ? "BPE (byte fallback)" : "BPE";

    public Vocabulary Vocabulary { get; }

    /// <summary>
    /// Whether a text can be cut before visible spaces without changing its ids: the space is a token, and nothing but
    /// merges, none of which reaches over such a place, joins characters.
    /// </summary>
    public bool CanCutAtSpaces =>
        _options is { MergesReachOverSpaces: false, IgnoresMerges: false }
        && _options is { ContinuingPrefix: null, EndOfWordSuffix: null }
        && _characterIds[SpaceCuttingEncoder.VisibleSpace] != Absent;

    public int? UnknownId { get; }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (_options.IgnoresMerges && Vocabulary.TryGetId(piece, out int whole))
        {
            ids.Add(whole);
            return;
        }

        // A character outside the vocabulary takes up to four byte tokens, three for each UTF-16 unit.
        int[] symbols = ArrayPool<int>.Shared.Rent((piece.Length * 3) + 1);
        int count = Symbols(piece, symbols);
        count = PairMerger.Merge(_merges, symbols.AsSpan(0, count));
        ids.AddRange(symbols.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(symbols);
    }

    private int Symbols(ReadOnlySpan<char> piece, int[] symbols)
    {
        int count = 0;
        int pendingUnknown = Absent;
        for (int at = 0; at < piece.Length;)
        {
            int units = char.IsHighSurrogate(piece[at]) && at + 1 < piece.Length ? 2 : 1;
            ReadOnlySpan<char> character = piece.Slice(at, units);
            int id = CharacterId(character, isFirst: at == 0, isLast: at + units == piece.Length);
            at += units;
            if (id != Absent)
            {
                AddPending(symbols, ref count, ref pendingUnknown);
                symbols[count++] = id;
            }
            else if (!(_options.ByteFallback && TryAddBytes(character, symbols, ref count)) && UnknownId is int unknown)
            {
                // As in the official library, bytes do not flush an unknown token that waits to be joined by the next.
                if (!_options.FusesUnknown)
                {
                    AddPending(symbols, ref count, ref pendingUnknown);
                }

                pendingUnknown = unknown;
            }
        }

        AddPending(symbols, ref count, ref pendingUnknown);
        return count;
    }

    private static void AddPending(int[] symbols, ref int count, ref int pendingUnknown)
    {
        if (pendingUnknown != Absent)
        {
            symbols[count++] = pendingUnknown;
            pendingUnknown = Absent;
        }
    }

    private int CharacterId(ReadOnlySpan<char> character, bool isFirst, bool isLast)
    {
        string? prefix = isFirst ? null : _options.ContinuingPrefix;
        string? suffix = isLast ? _options.EndOfWordSuffix : null;
        if (prefix is null && suffix is null)
        {
            return character.Length == 1 ? _characterIds[character[0]]
                : Vocabulary.TryGetId(character, out int plain) ? plain
                : Absent;
        }

        return Vocabulary.IdOf(string.Concat(prefix, character, suffix)) ?? Absent;
    }

    private bool TryAddBytes(ReadOnlySpan<char> character, int[] symbols, ref int count)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(character, bytes)];
        foreach (byte value in bytes)
        {
            if (_byteIds[value] == Absent)
            {
                return false;
            }
        }

        foreach (byte value in bytes)
        {
            symbols[count++] = _byteIds[value];
        }

        return true;
    }
}
