using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Stable sorting by Python's order; equal items keep their places in both directions.</summary>
internal static class Sorting
{
    /// <exception cref="TemplateException">two keys have no order</exception>
    public static List<T> Sort<T>(IReadOnlyList<T> items, Func<T, object?> keyOf, SortOrder order)
    {
        (T Item, object? Key)[] keyed = [.. items.Select(item => (item, keyOf(item)))];
        Meter.AllocateItems(keyed.Length);
        MergeSort(keyed, new (T, object?)[keyed.Length], 0, keyed.Length, order);
        return [.. keyed.Select(pair => pair.Item)];
    }

    private static void MergeSort<T>((T Item, object? Key)[] items, (T Item, object? Key)[] spare, int start, int end, SortOrder order)
    {
        if (end - start < 2)
        {
            return;
        }

        int middle = start + ((end - start) / 2);
        MergeSort(items, spare, start, middle, order);
        MergeSort(items, spare, middle, end, order);
        Meter.Step(end - start);
        (int left, int right) = (start, middle);
        for (int i = start; i < end; i++)
        {
            bool takeRight = left >= middle || (right < end && ComesFirst(items[right].Key, items[left].Key, order));
            spare[i] = takeRight ? items[right++] : items[left++];
        }

        Array.Copy(spare, start, items, start, end - start);
    }

    private static bool ComesFirst(object? later, object? earlier, SortOrder order) => order == SortOrder.Ascending
        ? PyComparison.Compare(later, earlier, "<") < 0
        : PyComparison.Compare(earlier, later, "<") < 0;
}
