using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Walking over values.</summary>
internal static class Iteration
{
    /// <summary>The items of a value; every one counts as a step.</summary>
    /// <exception cref="TemplateException">the value cannot be walked over</exception>
    public static IEnumerable<object?> Over(object? value) =>
        Counted(Items(value) ?? throw TemplateException.Runtime($"'{PyType.Name(value)}' object is not iterable"));

    public static bool IsPossible(object? value) => Items(value) is not null;

    /// <summary>The items in a list of their own.</summary>
    public static List<object?> ToList(object? value)
    {
        List<object?> items = [];
        foreach (object? item in Over(value))
        {
            Meter.Allocate(1);
            items.Add(item);
        }

        return items;
    }

    /// <summary>The number of items when it is known without walking.</summary>
    public static int? KnownLength(object? value) => value switch
    {
        Undefined => 0,
        string text => CodePoints.Length(text),
        SafeString safe => CodePoints.Length(safe.Text),
        PySequence sequence => sequence.Items.Count,
        PyDict dict => dict.Count,
        DictView view => view.Count,
        PyRange range => (int)range.Count,
        LoopContext loop => loop.Length,
        _ => null,
    };

    private static IEnumerable<object?>? Items(object? value) => value switch
    {
        Undefined => [],
        string text => CodePoints.Characters(text),
        SafeString safe => CodePoints.Characters(safe.Text),
        PySequence sequence => sequence.Items,
        PyDict dict => dict.Keys,
        DictView view => view.Items,
        PyRange range => Enumerable.Range(0, (int)range.Count).Select(i => range[i]),
        PyIterator iterator => iterator.Rest(),
        _ => null,
    };

    private static IEnumerable<object?> Counted(IEnumerable<object?> items)
    {
        using IEnumerator<object?> walk = items.GetEnumerator();
        while (true)
        {
            // Fetching an item may fetch one from another walk, and so on.
            Meter.EnsureStack();
            if (!walk.MoveNext())
            {
                yield break;
            }

            yield return walk.Current;
        }
    }
}
