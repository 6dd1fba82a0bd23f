using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Filters that compare items. They ignore case unless told otherwise.</summary>
internal static class OrderFilters
{
    public static object? Sort(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("sort", 0, "reverse", "case_sensitive", "attribute");
        object?[] attributes = PyConvert.IsText(bound[2]) ? bound.Text(2).Split(',') : [bound[2]];
        AttributePath[] paths = [.. attributes.Select(attribute => new AttributePath(attribute))];
        bool keepsCase = bound.Flag(1);
        return new PyList(Sorting.Sort(
            Iteration.ToList(value),
            item => new PyList([.. paths.Select(path => keepsCase ? path.Of(item) : path.WithoutCase(item))]),
            bound.Flag(0) ? SortOrder.Descending : SortOrder.Ascending));
    }

    public static object? DictSort(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("dictsort", 0, "case_sensitive", "by", "reverse");
        string by = bound.IsGiven(1) ? bound.Text(1) : "key";
        PyDict dict = value as PyDict ?? throw (value is Undefined undefined
            ? undefined.Failure()
            : TemplateException.Runtime($"'{PyType.Name(value)}' object has no attribute 'items'"));
        if (by is not ("key" or "value"))
        {
            throw TemplateException.Runtime("You can only sort by either \"key\" or \"value\"");
        }

        bool keepsCase = bound.Flag(0);
        List<KeyValuePair<object?, object?>> sorted = Sorting.Sort(
            dict.Entries,
            entry => KeyOf(by == "key" ? entry.Key : entry.Value, keepsCase),
            bound.Flag(2) ? SortOrder.Descending : SortOrder.Ascending);
        return new PyList([.. sorted.Select(entry => new PyTuple(entry.Key, entry.Value))]);
    }

    public static object? Unique(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("unique", 0, "case_sensitive", "attribute");
        return new PyIterator(UniqueItems(value, new AttributePath(bound[1]), bound.Flag(0)));
    }

    public static object? Minimum(object? value, Arguments arguments) => Extreme(value, arguments, "min", order => order < 0);

    public static object? Maximum(object? value, Arguments arguments) => Extreme(value, arguments, "max", order => order > 0);

    public static object? GroupBy(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("groupby", 1, "attribute", "default", "case_sensitive");
        AttributePath path = new(bound[0], bound[1]);
        bool keepsCase = bound.Flag(2);
        Func<object?, object?> keyOf = item => KeyOf(path.Of(item), keepsCase);
        List<object?> groups = [];
        List<object?> members = [];
        object? key = null;
        foreach (object? item in Sorting.Sort(Iteration.ToList(value), keyOf, SortOrder.Ascending))
        {
            object? itemKey = keyOf(item);
            if (members.Count > 0 && !PyComparison.AreEqual(itemKey, key))
            {
                groups.Add(new PyGroup(path.Of(members[0]), new PyList(members)));
                members = [];
            }

            key = itemKey;
            members.Add(item);
        }

        if (members.Count > 0)
        {
            groups.Add(new PyGroup(path.Of(members[0]), new PyList(members)));
        }

        return new PyList(groups);
    }

    private static object? KeyOf(object? value, bool keepsCase) => keepsCase ? value : AttributePath.IgnoreCase(value);

    private static IEnumerable<object?> UniqueItems(object? value, AttributePath path, bool keepsCase)
    {
        PyDict seen = new();
        foreach (object? item in Iteration.Over(value))
        {
            object? key = KeyOf(path.Of(item), keepsCase);
            if (!seen.TryGet(key, out _))
            {
                Meter.Allocate(1);
                seen.Set(key, null);
                yield return item;
            }
        }
    }

    private static object? Extreme(object? value, Arguments arguments, string name, Func<int?, bool> isBetter)
    {
        BoundArguments bound = arguments.Bind(name, 0, "case_sensitive", "attribute");
        AttributePath path = new(bound[1]);
        object? best = Undefined.Because("No aggregated item, sequence was empty.");
        object? bestKey = null;
        bool any = false;
        foreach (object? item in Iteration.Over(value))
        {
            object? key = KeyOf(path.Of(item), bound.Flag(0));
            if (!any || isBetter(PyComparison.Compare(key, bestKey, name == "min" ? "<" : ">")))
            {
                (best, bestKey, any) = (item, key, true);
            }
        }

        return best;
    }
}
