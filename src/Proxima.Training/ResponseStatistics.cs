namespace Proxima.Training;

/// <summary>Numbers about the texts of a set of responses.</summary>
public static class ResponseStatistics
{
    /// <summary>Distinct token bigrams ÷ all bigrams, over all responses together; 0 without a bigram.</summary>
    public static double Distinct2(IEnumerable<int[]> responses)
    {
        HashSet<(int, int)> distinct = [];
        long all = 0;
        foreach (int[] response in responses)
        {
            for (int i = 1; i < response.Length; i++)
            {
                distinct.Add((response[i - 1], response[i]));
                all++;
            }
        }

        return all == 0 ? 0 : (double)distinct.Count / all;
    }

    /// <summary>Mean of some numbers; 0 of none.</summary>
    public static double Mean(IReadOnlyCollection<double> numbers) => numbers.Count == 0 ? 0 : numbers.Average();

    /// <summary>Unbiased standard deviation; 0 of fewer than two.</summary>
    public static double Deviation(IReadOnlyCollection<double> numbers)
    {
        if (numbers.Count < 2)
        {
            return 0;
        }

        double mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(x => (x - mean) * (x - mean)) / (numbers.Count - 1));
    }
}
