using System.Numerics;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Equality and order as Python defines them.</summary>
internal static class PyComparison
{
    public static bool AreEqual(object? left, object? right)
    {
        if (ReferenceEquals(left, right))
        {
            return left is not double number || !double.IsNaN(number);
        }

        switch (left, right)
        {
            case (Undefined, Undefined):
                return true;
            case (string or SafeString, string or SafeString):
                return AreEqual(PyConvert.ToText(left), PyConvert.ToText(right));
            case (bool or BigInteger or double, bool or BigInteger or double):
                return CompareNumbers(left, right) == 0;
            case (PyList first, PyList second):
                return AreEqual(first.Items, second.Items);
            case (PyTuple first, PyTuple second):
                return AreEqual(first.Items, second.Items);
            case (PyDict first, PyDict second):
                Meter.EnsureStack();
                return first.Count == second.Count
                    && first.Entries.All(entry => second.TryGet(entry.Key, out object? value) && AreEqual(entry.Value, value));
            case (PyRange first, PyRange second):
                return first.Count == second.Count
                    && (first.Count.IsZero || (first.Start == second.Start && (first.Count.IsOne || first.Step == second.Step)));
            default:
                return false;
        }
    }

    /// <summary>Negative, zero or positive as left is before, at or behind right.</summary>
    /// <param name="left">left value</param>
    /// <param name="right">right value</param>
    /// <param name="sign">the operator, for messages</param>
    /// <returns>null when one of them is not a number</returns>
    /// <exception cref="TemplateException">the values have no order</exception>
    public static int? Compare(object? left, object? right, string sign)
    {
        switch (left, right)
        {
            case (bool or BigInteger or double, bool or BigInteger or double):
                return CompareNumbers(left, right);
            case (string or SafeString, string or SafeString):
                return CompareText(PyConvert.ToText(left), PyConvert.ToText(right));
            case (PyList first, PyList second):
                return CompareItems(first.Items, second.Items, sign);
            case (PyTuple first, PyTuple second):
                return CompareItems(first.Items, second.Items, sign);
            case (Undefined undefined, _):
                throw undefined.Failure();
            case (_, Undefined undefined):
                throw undefined.Failure();
            default:
                throw TemplateException.Runtime(
                    $"'{sign}' not supported between instances of '{PyType.Name(left)}' and '{PyType.Name(right)}'");
        }
    }

    /// <summary>Order of code points, which for astral characters is not the order of UTF-16 units.</summary>
    public static int CompareText(string left, string right)
    {
        Meter.Step(Math.Min(left.Length, right.Length) >> 6);
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        (char first, char second) = (left[common], right[common]);
        return char.IsSurrogate(first) == char.IsSurrogate(second)
            ? first.CompareTo(second)
            : char.IsSurrogate(first).CompareTo(char.IsSurrogate(second));
    }

    private static bool AreEqual(string left, string right)
    {
        Meter.Step(Math.Min(left.Length, right.Length) >> 6);
        return string.Equals(left, right, StringComparison.Ordinal);
    }

    private static bool AreEqual(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        Meter.EnsureStack();
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (!ReferenceEquals(left[i], right[i]) && !AreEqual(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static int? CompareItems(IReadOnlyList<object?> left, IReadOnlyList<object?> right, string sign)
    {
        Meter.EnsureStack();
        int common = Math.Min(left.Count, right.Count);
        for (int i = 0; i < common; i++)
        {
            if (!AreEqual(left[i], right[i]))
            {
                return Compare(left[i], right[i], sign);
            }
        }

        return left.Count.CompareTo(right.Count);
    }

    private static int? CompareNumbers(object? left, object? right)
    {
        if (left is double || right is double)
        {
            if (left is double first && right is double second)
            {
                return double.IsNaN(first) || double.IsNaN(second) ? null : first.CompareTo(second);
            }

            return left is double number
                ? -CompareToFloat(PyConvert.ToInteger(right), number)
                : CompareToFloat(PyConvert.ToInteger(left), (double)right!); // right is the double
        }

        return PyConvert.ToInteger(left).CompareTo(PyConvert.ToInteger(right));
    }

    private static int? CompareToFloat(BigInteger integer, double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? null : -Math.Sign(number);
        }

        double floor = Math.Floor(number);
        int order = integer.CompareTo(new BigInteger(floor));
        return order == 0 && floor < number ? -1 : order;
    }
}
