using System.Globalization;
using System.Numerics;

namespace Proxima.Text.Templates.Values;

/// <summary>Floating-point numbers as Python prints and rounds them.</summary>
internal static class PyFloat
{
    private const int MantissaBits = 52;

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Repr(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        (string sign, string significant, int exponent) = Decompose(value.ToString("R", CultureInfo.InvariantCulture));
        if (exponent is < -4 or >= 16)
        {
            string fraction = significant.Length > 1 ? "." + significant[1..] : string.Empty;
            return $"{sign}{significant[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{significant}";
        }

        string whole = significant.PadRight(exponent + 1, '0');
        string rest = whole[(exponent + 1)..];
        return $"{sign}{whole[..(exponent + 1)]}.{(rest.Length == 0 ? "0" : rest)}";
    }

    /// <summary>The nearest float; infinite when it is beyond their range.</summary>
    public static double FromInteger(BigInteger value) =>
        BigInteger.Abs(value) <= new BigInteger(1L << (MantissaBits + 1))
            ? (double)value
            : value.GetBitLength() > 1100
                ? (value.Sign > 0 ? double.PositiveInfinity : double.NegativeInfinity)
                : double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Rounds to a number of decimals; the exact value decides, and ties go to the even digit.</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || value == 0 || decimals > 323)
        {
            return value;
        }

        if (decimals < -308)
        {
            return Math.CopySign(0, value);
        }

        (BigInteger numerator, BigInteger denominator) = Fraction(value);
        BigInteger scale = BigInteger.Pow(10, Math.Abs(decimals));
        BigInteger rounded = decimals >= 0
            ? DivideHalfEven(numerator * scale, denominator)
            : DivideHalfEven(numerator, denominator * scale);
        string text = decimals >= 0 ? $"{rounded}E-{decimals}" : $"{rounded}E{-decimals}";
        double result = double.Parse(text, CultureInfo.InvariantCulture);
        return result == 0 ? Math.CopySign(0, value) : result;
    }

    /// <summary>An integer divided and rounded, ties to even. The denominator is positive.</summary>
    public static BigInteger DivideHalfEven(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(numerator), denominator, out BigInteger remainder);
        int half = (remainder * 2).CompareTo(denominator);
        if (half > 0 || (half == 0 && !quotient.IsEven))
        {
            quotient += 1;
        }

        return numerator.Sign < 0 ? -quotient : quotient;
    }

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> MantissaBits) & 0x7FF);
        long mantissa = bits & ((1L << MantissaBits) - 1);
        mantissa = exponent == 0 ? mantissa : mantissa | (1L << MantissaBits);
        int shift = Math.Max(exponent, 1) - 1075;
        BigInteger signed = value < 0 ? -mantissa : mantissa;
        return shift >= 0 ? (signed << shift, BigInteger.One) : (signed, BigInteger.One << -shift);
    }

    /// <summary>Sign, digits without zeros around them, and the power of ten of the first digit.</summary>
    private static (string Sign, string Significant, int Exponent) Decompose(string text)
    {
        string sign = text.StartsWith('-') ? "-" : string.Empty;
        string mantissa = text[sign.Length..];
        int exponent = 0;
        int mark = mantissa.IndexOf('E', StringComparison.Ordinal);
        if (mark >= 0)
        {
            exponent = int.Parse(mantissa.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..mark];
        }

        int first = mantissa.AsSpan().IndexOfAnyInRange('1', '9');
        if (first < 0)
        {
            return (sign, "0", 0);
        }

        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        point = point < 0 ? mantissa.Length : point;
        exponent += first < point ? point - first - 1 : point - first;
        return (sign, mantissa.Replace(".", string.Empty, StringComparison.Ordinal).Trim('0'), exponent);
    }
}
