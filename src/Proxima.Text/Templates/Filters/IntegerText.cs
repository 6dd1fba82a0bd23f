using System.Numerics;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Filters;

/// <summary>Texts as integers, as Python's <c>int</c> reads them.</summary>
internal static class IntegerText
{
    private const int MaxDigits = 4300;

    /// <summary>The number; null when the text is none.</summary>
    /// <param name="text">digits, perhaps a sign, a prefix, underscores between digits, white space around</param>
    /// <param name="numberBase">2 to 36; 0: the prefix decides</param>
    public static BigInteger? Parse(string text, int numberBase)
    {
        if (numberBase is not (0 or (>= 2 and <= 36)))
        {
            return null;
        }

        string digits = StripMethods.Strip(text, null, Side.Both);
        bool isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        int prefixed = PrefixBase(digits);
        if (prefixed > 0 && (numberBase == 0 || numberBase == prefixed))
        {
            numberBase = prefixed;
            digits = digits[2..];
            digits = digits.StartsWith('_') ? digits[1..] : digits;
        }
        else if (numberBase == 0)
        {
            numberBase = 10;
            if (digits.Length > 1 && digits[0] == '0' && digits.AsSpan().IndexOfAnyExcept("0_") >= 0)
            {
                return null;
            }
        }

        BigInteger? value = ParseDigits(digits, numberBase);
        return isNegative ? -value : value;
    }

    private static int PrefixBase(string digits) => digits.Length < 3 || digits[0] != '0' ? 0 : char.ToLowerInvariant(digits[1]) switch
    {
        'x' => 16,
        'o' => 8,
        'b' => 2,
        _ => 0,
    };

    private static BigInteger? ParseDigits(string digits, int numberBase)
    {
        if (digits.Length is 0 or > MaxDigits || digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        Meter.Step((long)digits.Length * digits.Length >> 8);
        BigInteger value = BigInteger.Zero;
        for (int i = 0; i < digits.Length; i++)
        {
            if (digits[i] == '_')
            {
                continue;
            }

            int digit = Digit(digits[i]);
            if (digit < 0 || digit >= numberBase)
            {
                return null;
            }

            value = (value * numberBase) + digit;
        }

        return value;
    }

    private static int Digit(char c) =>
        char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : (int)System.Globalization.CharUnicodeInfo.GetDecimalDigitValue(c);
}
