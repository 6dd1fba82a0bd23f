using System.Numerics;

namespace Proxima.Text.Templates.Values;

/// <summary>Values as the numbers and texts that functions ask for.</summary>
internal static class PyConvert
{
    /// <summary>The text of a string or escaped string.</summary>
    /// <exception cref="TemplateException">the value is no string</exception>
    public static string ToText(object? value) => value switch
    {
        string text => text,
        SafeString safe => safe.Text,
        _ => throw TemplateException.Runtime($"expected str, got {PyType.Name(value)}"),
    };

    public static bool IsText(object? value) => value is string or SafeString;

    /// <summary>An integer or boolean.</summary>
    /// <exception cref="TemplateException">the value is no integer</exception>
    public static BigInteger ToInteger(object? value) => value switch
    {
        BigInteger number => number,
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        _ => throw TemplateException.Runtime($"'{PyType.Name(value)}' object cannot be interpreted as an integer"),
    };

    /// <summary>An integer in the range of int; what is beyond it is brought to its ends.</summary>
    /// <exception cref="TemplateException">the value is no integer</exception>
    public static int ToInt(object? value)
    {
        BigInteger number = ToInteger(value);
        return number > int.MaxValue ? int.MaxValue : number < int.MinValue ? int.MinValue : (int)number;
    }

    public static bool IsNumber(object? value) => value is bool or BigInteger or double;

    /// <summary>A number as float.</summary>
    /// <exception cref="TemplateException">the value is no number, or beyond the range of floats</exception>
    public static double ToDouble(object? value)
    {
        if (value is double number)
        {
            return number;
        }

        BigInteger integer = ToInteger(value);
        double result = PyFloat.FromInteger(integer);
        return double.IsFinite(result) ? result : throw TemplateException.Runtime("int too large to convert to float");
    }
}
