namespace Proxima.Cli.Comparing;

/// <summary>A table to be read in a terminal.</summary>
internal static class TextTable
{
    /// <summary>Prints columns of their own widths: the first to the left, the others to the right.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. head.Select((title, i) => rows.Select(row => row[i].Length).Append(title.Length).Max())];
        foreach (IReadOnlyList<string> row in rows.Prepend(head))
        {
            output.WriteLine($"  {string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))}".TrimEnd());
        }
    }
}
