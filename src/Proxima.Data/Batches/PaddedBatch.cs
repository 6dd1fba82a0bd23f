namespace Proxima.Data.Batches;

/// <summary>
/// Sequences of different lengths as one rectangle, row after row. Masks and positions come from the lengths, never from
/// pad ids, so a pad that is also the end of sequence does no harm.
/// </summary>
public sealed record PaddedBatch
{
    /// <summary>Number of sequences B.</summary>
    public required int Rows { get; init; }

    /// <summary>Length T of the longest one.</summary>
    public required int Width { get; init; }

    /// <summary>[B · T] token ids.</summary>
    public required int[] Ids { get; init; }

    /// <summary>[B · T] true where the token counts.</summary>
    public required bool[] Mask { get; init; }

    /// <summary>[B · T] place of the token in its sequence, from 0; 0 at padding.</summary>
    public required int[] Positions { get; init; }

    /// <summary>[B] tokens of each sequence.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>Padding stands before the tokens, so that all sequences end together: prompts.</summary>
    /// <param name="sequences">[B] token ids, each sequence at least one</param>
    /// <param name="padId">what fills the rest</param>
    public static PaddedBatch PadLeft(IReadOnlyList<int[]> sequences, int padId) =>
        Fill(sequences, padId, (width, length) => width - length);

    /// <summary>Padding stands behind the tokens: training examples.</summary>
    /// <param name="sequences">[B] token ids, each sequence at least one</param>
    /// <param name="padId">what fills the rest</param>
    public static PaddedBatch PadRight(IReadOnlyList<int[]> sequences, int padId) =>
        Fill(sequences, padId, (_, _) => 0);

    private static PaddedBatch Fill(IReadOnlyList<int[]> sequences, int padId, Func<int, int, int> startOf)
    {
        if (sequences.Count == 0 || sequences.Any(sequence => sequence.Length == 0))
        {
            throw new ArgumentException("expected one or more sequences of one or more tokens each", nameof(sequences));
        }

        int rows = sequences.Count;
        int width = sequences.Max(sequence => sequence.Length);
        int[] ids = new int[rows * width];
        bool[] mask = new bool[rows * width];
        int[] positions = new int[rows * width];
        Array.Fill(ids, padId);
        for (int row = 0; row < rows; row++)
        {
            int length = sequences[row].Length;
            int start = (row * width) + startOf(width, length);
            sequences[row].CopyTo(ids, start);
            mask.AsSpan(start, length).Fill(true);
            for (int i = 0; i < length; i++)
            {
                positions[start + i] = i;
            }
        }

        return new PaddedBatch
        {
            Rows = rows,
            Width = width,
            Ids = ids,
            Mask = mask,
            Positions = positions,
            Lengths = [.. sequences.Select(sequence => sequence.Length)],
        };
    }
}
