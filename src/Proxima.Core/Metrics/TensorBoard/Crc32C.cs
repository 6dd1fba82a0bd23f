using System.Numerics;

namespace Proxima.Core.Metrics.TensorBoard;

/// <summary>The Castagnoli checksum (RFC 3720, appendix B.4) and the masked form in which event files store it.</summary>
public static class Crc32C
{
    private const uint MaskOffset = 0xa282ead8;

    /// <summary>The checksum; 0 of nothing.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>Rotated and shifted, since a checksum of data that holds checksums says little.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Of(bytes), 15) + MaskOffset;
}
