using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Sequences padded on the right for one forward, so that causal attention alone keeps real tokens from seeing pads. The head
/// works on response tokens only: index tensors say which states are theirs and which slots of the rollout's grid they fill.
/// </summary>
public sealed class SequenceBatch : IDisposable
{
    /// <param name="sequences">the rollout</param>
    /// <param name="rows">which of its sequences are in this batch</param>
    /// <param name="grid">the rollout's grid of response slots</param>
    public SequenceBatch(IReadOnlyList<Sequence> sequences, IReadOnlyList<int> rows, ResponseGrid grid)
    {
        int B = rows.Count;
        int T = rows.Max(row => sequences[row].Length);
        long[] ids = new long[B * T];
        long[] positions = new long[B * T];
        List<long> tokens = [], tokenStates = [], tokenSlots = [], valueStates = [], valueSlots = [];
        for (int b = 0; b < B; b++)
        {
            Sequence sequence = sequences[rows[b]];
            for (int i = 0; i < sequence.Length; i++)
            {
                ids[(b * T) + i] = i < sequence.Prompt.Length ? sequence.Prompt[i] : sequence.Response[i - sequence.Prompt.Length];
                positions[(b * T) + i] = i;
            }

            for (int t = 0; t < grid.ValueCount(rows[b]); t++)
            {
                long state = (b * T) + sequence.Prompt.Length - 1 + t; // the state before response token t
                long slot = ((long)rows[b] * grid.Width) + t;
                valueStates.Add(state);
                valueSlots.Add(slot);
                if (t < sequence.Response.Length)
                {
                    tokens.Add(sequence.Response[t]);
                    tokenStates.Add(state);
                    tokenSlots.Add(slot);
                }
            }
        }

        Ids = tensor(ids).view(B, T);
        Positions = tensor(positions).view(B, T);
        Tokens = tensor(tokens.ToArray());
        TokenStates = tensor(tokenStates.ToArray());
        TokenSlots = tensor(tokenSlots.ToArray());
        ValueStates = tensor(valueStates.ToArray());
        ValueSlots = tensor(valueSlots.ToArray());
    }

    /// <summary>[B, T] int64.</summary>
    public Tensor Ids { get; }

    /// <summary>[B, T] int64.</summary>
    public Tensor Positions { get; }

    /// <summary>[N] the response tokens of all rows, one after the other.</summary>
    public Tensor Tokens { get; }

    /// <summary>[N] row, in [B·T], of the state before each response token.</summary>
    public Tensor TokenStates { get; }

    /// <summary>[N] place, in the rollout's [B·R], of each response token.</summary>
    public Tensor TokenSlots { get; }

    /// <summary>[M] row, in [B·T], of each state whose value is trained.</summary>
    public Tensor ValueStates { get; }

    /// <summary>[M] place, in the rollout's [B·R], of each value.</summary>
    public Tensor ValueSlots { get; }

    /// <summary>Rows in groups of like length, so that little is padded: at most so many tokens, pads counted, a group.</summary>
    /// <param name="sequences">the rollout</param>
    /// <param name="tokens">largest number of rows × longest row</param>
    public static IEnumerable<int[]> RowsByLength(IReadOnlyList<Sequence> sequences, int tokens)
    {
        int[] rows = [.. Enumerable.Range(0, sequences.Count).OrderByDescending(i => sequences[i].Length)];
        for (int start = 0; start < rows.Length;)
        {
            int count = Math.Clamp(tokens / sequences[rows[start]].Length, 1, rows.Length - start);
            yield return rows[start..(start + count)];
            start += count;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { Ids, Positions, Tokens, TokenStates, TokenSlots, ValueStates, ValueSlots })
        {
            tensor.Dispose();
        }
    }
}
