using System.Buffers;

namespace Proxima.Data.Dialogues;

/// <summary>Reads lines of bytes that end in \n; a line longer than the limit is passed over without being held.</summary>
internal sealed class BoundedLineReader
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly Stream _stream;
    private readonly int _maxLineBytes;
    private readonly Func<long> _maxBytes;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _start;
    private int _end;
    private long _bytes;

    /// <param name="stream">what is read</param>
    /// <param name="maxLineBytes">of a line that is kept</param>
    /// <param name="maxBytes">of all lines so far</param>
    public BoundedLineReader(Stream stream, int maxLineBytes, Func<long> maxBytes)
    {
        _stream = stream;
        _maxLineBytes = maxLineBytes;
        _maxBytes = maxBytes;
    }

    /// <summary>Number of the current line, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The current line is longer than the limit and was not kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The current line without its end; valid until the next call of <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Line => _line.WrittenMemory;

    /// <summary>Goes to the next line; false at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">the stream is longer than the limit</exception>
    public bool Read()
    {
        _line.ResetWrittenCount();
        IsTooLong = false;
        bool any = false;
        while (_start < _end || Fill())
        {
            any = true;
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            int newline = rest.IndexOf((byte)'\n');
            Append(newline < 0 ? rest : rest[..newline]);
            _start += newline < 0 ? rest.Length : newline + 1;
            if (newline >= 0)
            {
                break;
            }
        }

        if (any && ++LineNumber == 1)
        {
            DropByteOrderMark();
        }

        return any;
    }

    private bool Fill()
    {
        _start = 0;
        _end = _stream.Read(_buffer);
        _bytes += _end;
        if (_bytes > _maxBytes())
        {
            throw new InvalidDataException($"it unpacks to more than {_maxBytes():n0} bytes, which no data do");
        }

        return _end > 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_line.WrittenCount + bytes.Length > _maxLineBytes)
        {
            IsTooLong = true;
            _line.ResetWrittenCount();
        }

        if (!IsTooLong)
        {
            _line.Write(bytes);
        }
    }

    private void DropByteOrderMark()
    {
        if (Line.Span.StartsWith(ByteOrderMark))
        {
            byte[] rest = Line[ByteOrderMark.Length..].ToArray();
            _line.ResetWrittenCount();
            _line.Write(rest);
        }
    }
}
