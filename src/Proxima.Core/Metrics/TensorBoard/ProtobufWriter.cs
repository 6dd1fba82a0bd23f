using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Proxima.Core.Metrics.TensorBoard;

/// <summary>Writes the few kinds of protobuf fields that event files need (protobuf.dev, "Encoding").</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthPrefixed = 2;
    private const int Fixed32 = 5;

    private readonly List<byte> _bytes = [];

    public ReadOnlySpan<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    public void Double(int field, double value)
    {
        WriteKey(field, Fixed64);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    public void Float(int field, float value)
    {
        WriteKey(field, Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    public void Integer(int field, long value)
    {
        WriteKey(field, Varint);
        WriteVarint((ulong)value);
    }

    public void Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, ProtobufWriter message) => Block(field, message.Bytes);

    private void Block(int field, ReadOnlySpan<byte> content)
    {
        WriteKey(field, LengthPrefixed);
        WriteVarint((ulong)content.Length);
        _bytes.AddRange(content);
    }

    private void WriteKey(int field, int kind) => WriteVarint((ulong)((field << 3) | kind));

    /// <summary>Seven bits a byte, the lowest first; the high bit says that more follow.</summary>
    private void WriteVarint(ulong value)
    {
        while (value > 0x7f)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }
}
