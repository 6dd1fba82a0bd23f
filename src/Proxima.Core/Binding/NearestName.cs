namespace Proxima.Core.Binding;

/// <summary>Finds the name that someone probably meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the smallest edit distance; the first of equals.</summary>
    /// <param name="written">what was written</param>
    /// <param name="known">at least one name</param>
    public static string Of(string written, IEnumerable<string> known) =>
        known.MinBy(name => Distance(written, name)) ?? throw new ArgumentException("no known name", nameof(known));

    /// <summary>
    /// Optimal string alignment distance: the least number of insertions, deletions, replacements and swaps of neighbours.
    /// </summary>
    public static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Step(cost, a, b, i, j);
            }
        }

        return cost[a.Length, b.Length];
    }

    private static int Step(int[,] cost, string a, string b, int i, int j)
    {
        int replacement = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int least = Math.Min(replacement, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, cost[i - 2, j - 2] + 1) : least;
    }
}
