using System.Globalization;

namespace Proxima.Text;

/// <summary>Tokens that stand for one byte, such as &lt;0xE4&gt;.</summary>
internal static class ByteToken
{
    private const int Length = 6;
    private const int DigitsAt = 3;

    public static string Of(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>The byte that a token stands for; false for any other token.</summary>
    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token.Length == Length
            && token.StartsWith("<0x", StringComparison.Ordinal)
            && token[^1] == '>'
            && byte.TryParse(
                token.AsSpan(DigitsAt, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
