using System.Globalization;

namespace Proxima.Core.Settings;

/// <summary>The range of a number; for a list, of each of its numbers. A limit that is not given is no limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute : Attribute
{
    /// <summary>Least allowed value.</summary>
    public double AtLeast { get; init; } = double.NaN;

    /// <summary>Greatest allowed value.</summary>
    public double AtMost { get; init; } = double.NaN;

    /// <summary>Limit below all allowed values.</summary>
    public double Above { get; init; } = double.NaN;

    /// <summary>Limit above all allowed values.</summary>
    public double Below { get; init; } = double.NaN;

    /// <summary>One value that is allowed although it is outside the range, such as -1 for "all".</summary>
    public double Or { get; init; } = double.NaN;

    /// <summary>Whether <paramref name="number"/> is finite and within the range.</summary>
    public bool Allows(double number) =>
        number == Or
        || (double.IsFinite(number) && !(number < AtLeast) && !(number > AtMost) && !(number <= Above) && !(number >= Below));

    /// <summary>The range in words: "at least 1", "above 0 and at most 1".</summary>
    public override string ToString()
    {
        string range = string.Join(
            " and ",
            new[] { Limit("at least", AtLeast), Limit("above", Above), Limit("at most", AtMost), Limit("below", Below) }.OfType<string>());
        return double.IsNaN(Or) ? range : $"{range}, or {Or.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string? Limit(string word, double limit) =>
        double.IsNaN(limit) ? null : $"{word} {limit.ToString(CultureInfo.InvariantCulture)}";
}
