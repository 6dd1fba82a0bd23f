namespace Proxima.Training.Ranks;

/// <summary>Divides pieces of work among ranks.</summary>
public static class WorkShare
{
    /// <summary>
    /// Deals the pieces out, the longest first and back and forth, so that every rank has as many pieces as another (one more or less) and
    /// nearly as much work. One rank has all of them in their order.
    /// </summary>
    /// <param name="costs">[pieces] such as tokens</param>
    /// <param name="ranks">how many</param>
    /// <returns>[ranks] the pieces of each, ascending</returns>
    public static int[][] Of(IReadOnlyList<int> costs, int ranks)
    {
        List<int>[] shares = [.. Enumerable.Range(0, ranks).Select(_ => new List<int>())];
        int[] longestFirst = [.. Enumerable.Range(0, costs.Count).OrderByDescending(piece => costs[piece])];
        for (int i = 0; i < longestFirst.Length; i++)
        {
            (int round, int place) = Math.DivRem(i, ranks);
            shares[round % 2 == 0 ? place : ranks - 1 - place].Add(longestFirst[i]);
        }

        return [.. shares.Select(share => share.Order().ToArray())];
    }
}
