using System.Buffers.Binary;
using Proxima.Core;

namespace Proxima.Text.Normalizers;

/// <summary>
/// SentencePiece's table of replacements: UTF-8 keys in a double-array trie, then the texts they become.
/// Layout: 4 bytes size of the trie, its 32-bit units (little endian), then texts that each end in NUL.
/// A broken table finds less; it never reads outside itself.
/// </summary>
internal sealed class CharacterMap
{
    private const int HeaderBytes = 4;
    private const int UnitBytes = 4;

    // Longer than any replacement; a broken table cannot blow a text up further than this.
    private const int LongestText = 256;

    private readonly uint[] _units;
    private readonly byte[] _texts;

    private CharacterMap(uint[] units, byte[] texts)
    {
        _units = units;
        _texts = texts;
    }

    /// <summary>Reads a table.</summary>
    /// <param name="blob">The bytes of the table.</param>
    /// <param name="place">File and key, for errors.</param>
    public static CharacterMap Read(ReadOnlySpan<byte> blob, string place)
    {
        uint trieBytes = blob.Length < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(blob);
        if (trieBytes == 0 || trieBytes % UnitBytes != 0 || trieBytes > blob.Length - HeaderBytes)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{place}: a table of {blob.Length} bytes cannot hold a trie of {trieBytes}. "
                + "Expected the table as SentencePiece wrote it.");
        }

        var units = new uint[trieBytes / UnitBytes];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(HeaderBytes + (i * UnitBytes))..]);
        }

        return new CharacterMap(units, blob[(HeaderBytes + (int)trieBytes)..].ToArray());
    }

    /// <summary>The text for the shortest key that begins <paramref name="input"/>; false when there is none.</summary>
    public bool TryShortest(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> text)
    {
        var walk = new Walk(this, input);
        bool found = walk.MoveNext();
        text = found ? TextAt(walk.Value) : default;
        return found;
    }

    /// <summary>The text for the longest key that begins an input, and the key's bytes; 0 when there is none.</summary>
    public int Longest(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> text)
    {
        int length = 0;
        text = default;
        var walk = new Walk(this, input);
        while (walk.MoveNext())
        {
            length = walk.Length;
            text = TextAt(walk.Value);
        }

        return length;
    }

    private ReadOnlySpan<byte> TextAt(uint offset)
    {
        if (offset >= _texts.Length)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = _texts.AsSpan((int)offset, Math.Min(LongestText, _texts.Length - (int)offset));
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    /// <summary>Goes down the trie along an input and stops at each key.</summary>
    private ref struct Walk
    {
        private readonly uint[] _units;
        private readonly ReadOnlySpan<byte> _input;
        private uint _node;

        public Walk(CharacterMap map, ReadOnlySpan<byte> input)
        {
            _units = map._units;
            _input = input;
            _node = Offset(_units[0]);
        }

        /// <summary>Bytes of the key found.</summary>
        public int Length { get; private set; }

        /// <summary>Where the key's text begins.</summary>
        public uint Value { get; private set; }

        public bool MoveNext()
        {
            while (Length < _input.Length && _input[Length] != 0)
            {
                byte next = _input[Length];
                _node ^= next;
                if (_node >= _units.Length || Label(_units[_node]) != next)
                {
                    return Stop();
                }

                uint unit = _units[_node];
                _node ^= Offset(unit);
                Length++;
                if (HasLeaf(unit))
                {
                    if (_node >= _units.Length)
                    {
                        return Stop();
                    }

                    Value = _units[_node] & 0x7FFFFFFF;
                    return true;
                }
            }

            return false;
        }

        private bool Stop()
        {
            Length = _input.Length;
            return false;
        }

        private static bool HasLeaf(uint unit) => ((unit >> 8) & 1) == 1;

        private static uint Label(uint unit) => unit & (0x80000000 | 0xFF);

        private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1 << 9)) >> 6);
    }
}
