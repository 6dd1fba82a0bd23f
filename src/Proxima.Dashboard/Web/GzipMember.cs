using System.Buffers.Binary;
using System.IO.Compression;

namespace Proxima.Dashboard.Web;

/// <summary>
/// Finds the members of a gzip file, so that one of them can be read without the ones before it. A run writes a member a step, which begins
/// with the three bytes of a header and ends with the length of its content (RFC 1952).
/// </summary>
internal static class GzipMember
{
    private const int LeastLength = 18;
    private const int LengthBytes = 4;

    private static ReadOnlySpan<byte> Header => [0x1f, 0x8b, 0x08];

    /// <summary>The content of the member at the beginning of some bytes, and how many of them it takes; null when it is not whole in them.</summary>
    /// <param name="bytes">begin with a member</param>
    public static (byte[] Content, int Length)? First(ArraySegment<byte> bytes)
    {
        // The bytes of a header may stand inside a member too: what ends before them is then not whole.
        for (int from = LeastLength; from <= bytes.Count;)
        {
            int found = bytes.AsSpan(from).IndexOf(Header);
            int end = found < 0 ? bytes.Count : from + found;
            if (Content(bytes[..end]) is { } content)
            {
                return (content, end);
            }

            from = end + 1;
        }

        return null;
    }

    /// <summary>What some bytes decompress to when they are exactly one whole member.</summary>
    public static byte[]? Content(ArraySegment<byte> member)
    {
        if (member.Count < LeastLength || !member.AsSpan().StartsWith(Header))
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(member.AsSpan(member.Count - LengthBytes));
        try
        {
            using GZipStream gzip = new(new MemoryStream(member.Array!, member.Offset, member.Count), CompressionMode.Decompress);
            using MemoryStream content = new();
            gzip.CopyTo(content);
            return content.Length == length ? content.ToArray() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
