using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Filters;

/// <summary>Texts as floats, as Python's <c>float</c> reads them.</summary>
internal static partial class FloatText
{
    /// <summary>The number; null when the text is none.</summary>
    public static double? Parse(string text)
    {
        Meter.Step(text.Length);
        string trimmed = StripMethods.Strip(text, null, Side.Both);
        string unsigned = trimmed.TrimStart('+', '-');
        if (trimmed.Length - unsigned.Length > 1)
        {
            return null;
        }

        double? size = unsigned.ToLowerInvariant() switch
        {
            "inf" or "infinity" => double.PositiveInfinity,
            "nan" => double.NaN,
            _ => Pattern().IsMatch(unsigned)
                ? double.Parse(unsigned.Replace("_", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture)
                : null,
        };
        return trimmed.StartsWith('-') ? -size : size;
    }

    [GeneratedRegex(@"^(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+\-]?[0-9]+(?:_[0-9]+)*)?\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
