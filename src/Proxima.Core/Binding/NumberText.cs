using System.Globalization;

namespace Proxima.Core.Binding;

/// <summary>Numbers as text that reads the same everywhere and gives the same number back.</summary>
public static class NumberText
{
    /// <summary>The shortest text that parses to the same number, with a short exponent: 0.2, 5e-5, 1e20.</summary>
    /// <param name="number">finite</param>
    public static string Of(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        if (exponentAt < 0)
        {
            return text;
        }

        int exponent = int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text.AsSpan(0, exponentAt)}e{exponent.ToString(CultureInfo.InvariantCulture)}";
    }
}
