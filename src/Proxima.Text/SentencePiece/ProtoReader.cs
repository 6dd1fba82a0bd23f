using System.Buffers.Binary;
using System.Text;
using Proxima.Core;

namespace Proxima.Text.SentencePiece;

/// <summary>Reads the fields of one protocol-buffer message in order. Never reads outside it.</summary>
internal ref struct ProtoReader
{
    private const int MaxVarintBytes = 10;
    private const int FieldBits = 3;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _message;
    private readonly string _place;
    private int _at;

    /// <param name="message">The bytes of the message.</param>
    /// <param name="place">The file, for errors.</param>
    public ProtoReader(ReadOnlySpan<byte> message, string place)
    {
        _message = message;
        _place = place;
    }

    /// <summary>The number of the field read last.</summary>
    public int Field { get; private set; }

    private WireType Type { get; set; }

    /// <summary>Reads the next field's number and type; false at the end.</summary>
    public bool NextField()
    {
        if (_at >= _message.Length)
        {
            return false;
        }

        ulong tag = Varint();
        Field = tag >> FieldBits is > 0 and <= int.MaxValue and var field ? (int)field : throw Broken($"field tag {tag}");
        Type = (WireType)(tag & ((1 << FieldBits) - 1));
        return true;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        return Take(Varint());
    }

    public string Text()
    {
        try
        {
            return StrictUtf8.GetString(Bytes());
        }
        catch (DecoderFallbackException e)
        {
            throw Broken($"field {Field} is no valid UTF-8", e);
        }
    }

    public float Single()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    public ulong Integer()
    {
        Expect(WireType.Varint);
        return Varint();
    }

    public bool Flag() => Integer() != 0;

    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Bytes:
                Take(Varint());
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Broken($"field {Field} has wire type {(int)Type}");
        }
    }

    public readonly ProximaException Broken(string what, Exception? cause = null) => new(
        ExitCode.Data,
        $"{_place}, byte {_at}: {what}. Expected a SentencePiece model as its trainer wrote it; is the file whole?",
        cause);

    private readonly void Expect(WireType type)
    {
        if (Type != type)
        {
            throw Broken($"field {Field} has wire type {(int)Type} instead of {(int)type}");
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_message.Length - _at))
        {
            throw Broken($"field {Field} ends after the end of its message");
        }

        ReadOnlySpan<byte> bytes = _message.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes && _at < _message.Length; i++)
        {
            byte next = _message[_at++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken("a number that does not end");
    }

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }
}
