using System.Numerics;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Parts of sequences: <c>xs[start:stop:step]</c>.</summary>
internal static class Slicing
{
    /// <exception cref="TemplateException">the value has no parts, or an index is no integer</exception>
    public static object Of(object? value, object? start, object? stop, object? step)
    {
        switch (value)
        {
            case string text:
                return OfText(text, start, stop, step);
            case SafeString safe:
                return new SafeString(OfText(safe.Text, start, stop, step));
            case PyList list:
                return new PyList(Pick(list.Items, Indices(list.Items.Count, start, stop, step)));
            case PyTuple tuple:
                return new PyTuple(Pick(tuple.Items, Indices(tuple.Items.Count, start, stop, step)));
            case PyRange range:
                return OfRange(range, start, stop, step);
            case Undefined undefined:
                throw undefined.Failure();
            case PyDict:
                throw TemplateException.Runtime("unhashable type: 'slice'");
            default:
                throw TemplateException.Runtime($"'{PyType.Name(value)}' object is not subscriptable");
        }
    }

    private static string OfText(string text, object? start, object? stop, object? step)
    {
        int[] points = CodePoints.ToArray(text);
        return CodePoints.ToText([.. Indices(points.Length, start, stop, step).Select(i => points[i])]);
    }

    private static PyRange OfRange(PyRange range, object? start, object? stop, object? step)
    {
        (int first, int count, int distance) = Resolve((int)range.Count, start, stop, step);
        BigInteger begin = range.Start + (range.Step * first);
        BigInteger newStep = range.Step * distance;
        return new PyRange(begin, begin + (newStep * count), newStep);
    }

    private static object?[] Pick(IReadOnlyList<object?> items, IEnumerable<int> indices)
    {
        object?[] picked = [.. indices.Select(i => items[i])];
        Meter.AllocateItems(picked.Length);
        return picked;
    }

    private static IEnumerable<int> Indices(int length, object? start, object? stop, object? step)
    {
        (int first, int count, int distance) = Resolve(length, start, stop, step);
        return Enumerable.Range(0, count).Select(i => (int)(first + ((long)i * distance)));
    }

    private static (int First, int Count, int Step) Resolve(int length, object? start, object? stop, object? step)
    {
        int distance = step is null ? 1 : PyConvert.ToInt(step);
        if (distance == 0)
        {
            throw TemplateException.Runtime("slice step cannot be zero");
        }

        int first = distance > 0 ? Bound(start, 0, 0, length, length) : Bound(start, length - 1, -1, length - 1, length);
        int end = distance > 0 ? Bound(stop, length, 0, length, length) : Bound(stop, -1, -1, length - 1, length);
        long span = distance > 0 ? (long)end - first : (long)first - end;
        long size = Math.Abs((long)distance);
        return (first, span <= 0 ? 0 : (int)((span + size - 1) / size), distance);
    }

    private static int Bound(object? given, int otherwise, int low, int high, int length)
    {
        if (given is null)
        {
            return otherwise;
        }

        long index = PyConvert.ToInt(given);
        return (int)Math.Clamp(index < 0 ? index + length : index, low, high);
    }
}
