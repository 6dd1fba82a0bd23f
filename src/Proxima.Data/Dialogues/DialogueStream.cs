using System.IO.Compression;
using Proxima.Core.Untrusted;

namespace Proxima.Data.Dialogues;

/// <summary>
/// Opens a data file. A gzip stream that was cut off simply ends as .NET reads it, so a last member of our own is put
/// behind the file: its mark comes out as the last line only when everything before it was whole.
/// </summary>
internal sealed class DialogueStream : IDisposable
{
    private const string CompressedEnding = ".jsonl.gz";

    /// <summary>What texts pack to at best; what deflate can do at best is 1032.</summary>
    private const long LargestRatio = 200;

    /// <summary>A small part of a file may pack better.</summary>
    private const long AlwaysAllowed = 16 << 20;

    private static readonly byte[] Mark = [0, .. "end of data"u8];

    private readonly Stream _content;
    private readonly MemoryStream? _compressed;

    private DialogueStream(Stream content, MemoryStream? compressed)
    {
        _content = content;
        _compressed = compressed;
    }

    /// <summary>The lines of the file and, behind a compressed one, the mark.</summary>
    public Stream Content => _content;

    /// <summary>What may have come out of the file so far; more is a file made to do harm.</summary>
    public long MaxBytes() => _compressed is null ? long.MaxValue : Math.Max(AlwaysAllowed, _compressed.Position * LargestRatio);

    public static bool HasKnownEnding(string path) =>
        path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(CompressedEnding, StringComparison.OrdinalIgnoreCase);

    public static DialogueStream Open(string path)
    {
        RegularFile.Require(path);
        if (!path.EndsWith(CompressedEnding, StringComparison.OrdinalIgnoreCase))
        {
            return new DialogueStream(File.OpenRead(path), compressed: null);
        }

        MemoryStream compressed = new([.. File.ReadAllBytes(path), .. CompressMark()]);
        return new DialogueStream(new GZipStream(compressed, CompressionMode.Decompress), compressed);
    }

    public bool IsMark(ReadOnlySpan<byte> line) => _compressed is not null && line.SequenceEqual(Mark);

    /// <summary>Throws unless the file was read to its real end.</summary>
    public void CheckEnd(BoundedLineReader lines)
    {
        if (_compressed is not null && (!IsMark(lines.Line.Span) || lines.Read()))
        {
            throw new InvalidDataException("it ends early or is followed by other bytes");
        }
    }

    public void Dispose() => _content.Dispose();

    private static byte[] CompressMark()
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write([(byte)'\n', .. Mark]);
        }

        return member.ToArray();
    }
}
