using System.Buffers;
using System.Text;
using Proxima.Text.Models;
using Proxima.Text.Normalizers;

namespace Proxima.Text.SentencePiece;

/// <summary>
/// SentencePiece's own normaliser: the longest key of the table at each place, spaces tidied and written as U+2581,
/// user-defined pieces left as they are. Works on UTF-8, as the table does.
/// </summary>
internal sealed class SentencePieceNormalizer
{
    // Longer than any key; keeps a broken table from walking to the end of the text at every place.
    private const int LongestKey = 128;

    private readonly SentencePieceFile _file;
    private readonly CharacterMap? _map;
    private readonly TokenTrie _userDefined = new();
    private readonly byte[] _space;

    public SentencePieceNormalizer(SentencePieceFile file, string path)
    {
        _file = file;
        _map = file.CharacterMap.Length == 0 ? null : CharacterMap.Read(file.CharacterMap, path);
        _space = file.EscapesSpaces ? [0xE2, 0x96, 0x81] : [(byte)' '];
        foreach (Piece piece in file.Pieces.Where(piece => piece.Type == PieceType.UserDefined))
        {
            // One unit of the trie for each byte.
            _userDefined.Add(string.Concat(Encoding.UTF8.GetBytes(piece.Text).Select(value => (char)value)), 0);
        }
    }

    /// <summary>Normalises a whole text, with the space before it where the file asks for one.</summary>
    public string Normalize(string text) => Normalize(text, _file.AddsDummyPrefix ? _space : []);

    /// <summary>Normalises text that comes after other text, with no space before it.</summary>
    public string NormalizeContinuation(string text) => Normalize(text, []);

    private string Normalize(string text, ReadOnlySpan<byte> prefix)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        if (_file.RemovesExtraSpaces)
        {
            while (!rest.IsEmpty && NextPart(rest, out int bytes) is [(byte)' '])
            {
                rest = rest[bytes..];
            }
        }

        if (rest.IsEmpty)
        {
            return string.Empty;
        }

        var normalized = new ArrayBufferWriter<byte>(rest.Length + _space.Length);
        normalized.Write(prefix);
        bool afterSpace = _file.RemovesExtraSpaces;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> part = NextPart(rest, out int bytes);
            rest = rest[bytes..];
            part = afterSpace ? part.TrimStart((byte)' ') : part;
            if (!part.IsEmpty)
            {
                Append(part, normalized);
                afterSpace = _file.RemovesExtraSpaces && part[^1] == ' ';
            }
        }

        return Encoding.UTF8.GetString(_file.RemovesExtraSpaces ? WithoutEnd(normalized.WrittenSpan) : normalized.WrittenSpan);
    }

    private ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> text)
    {
        while (text.EndsWith(_space))
        {
            text = text[..^_space.Length];
        }

        return text;
    }

    private void Append(ReadOnlySpan<byte> part, ArrayBufferWriter<byte> normalized)
    {
        while (part.IndexOf((byte)' ') is >= 0 and var space)
        {
            normalized.Write(part[..space]);
            normalized.Write(_space);
            part = part[(space + 1)..];
        }

        normalized.Write(part);
    }

    /// <summary>What the beginning of a text becomes, and how many of its bytes that takes.</summary>
    private ReadOnlySpan<byte> NextPart(ReadOnlySpan<byte> text, out int bytes)
    {
        bytes = LongestUserDefined(text);
        if (bytes > 0)
        {
            return text[..bytes];
        }

        if (_map is not null)
        {
            bytes = _map.Longest(text[..Math.Min(LongestKey, text.Length)], out ReadOnlySpan<byte> replacement);
            if (bytes > 0)
            {
                return replacement;
            }
        }

        Rune.DecodeFromUtf8(text, out _, out bytes);
        return text[..bytes];
    }

    private int LongestUserDefined(ReadOnlySpan<byte> text)
    {
        int longest = 0;
        int node = TokenTrie.Root;
        for (int at = 0; at < text.Length; at++)
        {
            node = _userDefined.Child(node, (char)text[at]);
            if (node == TokenTrie.None)
            {
                break;
            }

            longest = _userDefined.Value(node) == TokenTrie.None ? longest : at + 1;
        }

        return longest;
    }
}
