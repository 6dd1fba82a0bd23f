using System.Globalization;
using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Formatting;

/// <summary>Numbers in the notations of <c>%</c> and <c>format</c>.</summary>
internal static class NumberText
{
    // As much as a float can have before its digits become zeros.
    private const int MaxPrecision = 1100;

    /// <summary>The digits of a number that is not negative, in base 2, 8, 10 or 16.</summary>
    public static string Digits(BigInteger value, int numberBase)
    {
        if (numberBase == 10)
        {
            return PyText.OfInteger(value);
        }

        int bits = BitOperations.Log2((uint)numberBase);
        Meter.Step((long)value.GetBitLength());
        StringBuilder digits = new();
        do
        {
            digits.Insert(0, "0123456789abcdef"[(int)(value & (numberBase - 1))]);
            value >>= bits;
        }
        while (!value.IsZero);
        return digits.ToString();
    }

    /// <summary>A float that is not negative, without its sign.</summary>
    /// <param name="value">the number</param>
    /// <param name="kind">e, f, g, % or their capitals</param>
    /// <param name="precision">digits behind the point; for g all digits</param>
    /// <param name="alternate">keep the point and the zeros of g</param>
    public static string Float(double value, char kind, int precision, Alternate alternate)
    {
        Meter.Allocate(precision);
        precision = Math.Min(precision, MaxPrecision);
        string text = !double.IsFinite(value) ? (double.IsNaN(value) ? "nan" : "inf") : char.ToLowerInvariant(kind) switch
        {
            'e' => Exponential(value, precision),
            'g' => General(value, Math.Max(precision, 1), alternate),
            '%' => Fixed(value * 100, precision) + "%",
            _ => Fixed(value, precision),
        };
        return char.IsUpper(kind) ? text.ToUpperInvariant() : text;
    }

    /// <summary>Puts a sign between groups of three digits (four for other bases) before the point.</summary>
    public static string Group(string digits, char separator, int size)
    {
        int end = digits.AsSpan().IndexOfAny(".e%");
        end = end < 0 ? digits.Length : end;
        StringBuilder text = new(digits);
        for (int i = end - size; i > 0; i -= size)
        {
            text.Insert(i, separator);
        }

        return text.ToString();
    }

    private static string Fixed(double value, int precision) =>
        PyFloat.Round(value, precision).ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Exponential(double value, int precision)
    {
        string text = value.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int mark = text.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[..mark]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string General(double value, int precision, Alternate alternate)
    {
        string exponential = Exponential(value, precision - 1);
        int mark = exponential.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(exponential.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (value != 0 && (exponent < -4 || exponent >= precision))
        {
            return Shorten(exponential[..mark], alternate) + exponential[mark..];
        }

        return Shorten(Fixed(value, Math.Max(0, precision - 1 - exponent)), alternate);
    }

    private static string Shorten(string digits, Alternate alternate) =>
        alternate == Alternate.Yes || !digits.Contains('.', StringComparison.Ordinal) ? digits : digits.TrimEnd('0').TrimEnd('.');
}
