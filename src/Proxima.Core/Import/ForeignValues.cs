using System.Globalization;

namespace Proxima.Core.Import;

/// <summary>Values of another trainer by name.</summary>
public sealed class ForeignValues(IReadOnlyDictionary<string, string> values)
{
    /// <summary>Whether the argument was written, and not as none.</summary>
    public bool Has(string name) => values.TryGetValue(name, out string? text) && text is not "none" and not "";

    /// <summary>The text of an argument that was written.</summary>
    public string this[string name] => values[name];

    /// <summary>A number; the other one where the argument was not written, or is no number.</summary>
    public double Number(string name, double otherwise) =>
        values.TryGetValue(name, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : otherwise;

    /// <summary>A whole number; the other one where the argument was not written, or is no number.</summary>
    public long Whole(string name, long otherwise) => (long)Number(name, otherwise);
}
