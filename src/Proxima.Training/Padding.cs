using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Token rows of different lengths as one rectangle.</summary>
internal static class Padding
{
    /// <summary>Padded on the right with zeros, so that causal attention alone keeps real tokens from seeing pads.</summary>
    /// <param name="rows">B rows of token ids, T the longest</param>
    /// <param name="device">where they are to be</param>
    /// <returns>ids and positions, [B, T] int64 each</returns>
    public static (Tensor Ids, Tensor Positions) Right(IReadOnlyList<int[]> rows, Device device)
    {
        int B = rows.Count;
        int T = rows.Max(row => row.Length);
        long[] ids = new long[B * T];
        long[] positions = new long[B * T];
        for (int b = 0; b < B; b++)
        {
            for (int i = 0; i < rows[b].Length; i++)
            {
                ids[(b * T) + i] = rows[b][i];
                positions[(b * T) + i] = i;
            }
        }

        return (tensor(ids, device: device).view(B, T), tensor(positions, device: device).view(B, T));
    }

    /// <summary>Rows in groups of like length, so that little is padded: at most so many tokens, pads counted, a group.</summary>
    /// <param name="lengths">tokens of each row</param>
    /// <param name="tokens">largest number of rows × longest row; a single row may be longer</param>
    /// <returns>indices of the rows, the longest first</returns>
    public static IEnumerable<int[]> GroupsByLength(IReadOnlyList<int> lengths, int tokens)
    {
        int[] rows = [.. Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i])];
        for (int start = 0; start < rows.Length;)
        {
            int count = Math.Clamp(tokens / lengths[rows[start]], 1, rows.Length - start);
            yield return rows[start..(start + count)];
            start += count;
        }
    }
}
