using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Sequences padded on the right for one forward, so that causal attention alone keeps real tokens from seeing pads. The head
/// works on response tokens only: index tensors say which states are theirs and which slots of the rollout's grid they fill. The
/// grid is on the host, and so are the slots.
/// </summary>
public sealed class SequenceBatch : IDisposable
{
    /// <param name="sequences">the rollout</param>
    /// <param name="rows">which of its sequences are in this batch</param>
    /// <param name="grid">the rollout's grid of response slots</param>
    /// <param name="device">of the model</param>
    public SequenceBatch(IReadOnlyList<Sequence> sequences, IReadOnlyList<int> rows, ResponseGrid grid, Device device)
    {
        int[][] texts = [.. rows.Select(row => (int[])[.. sequences[row].Prompt, .. sequences[row].Response])];
        HighestId = texts.Max(text => text.Max());
        (Ids, Positions) = Padding.Right(texts, device);
        long T = Ids.shape[1];
        List<long> tokens = [], tokenStates = [], tokenSlots = [], valueStates = [], valueSlots = [];
        for (int b = 0; b < rows.Count; b++)
        {
            Sequence sequence = sequences[rows[b]];
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

        Tokens = tensor(tokens.ToArray(), device: device);
        TokenStates = tensor(tokenStates.ToArray(), device: device);
        TokenSlots = tensor(tokenSlots.ToArray(), device: CPU);
        ValueStates = tensor(valueStates.ToArray(), device: device);
        ValueSlots = tensor(valueSlots.ToArray(), device: CPU);
    }

    /// <summary>The greatest of the ids.</summary>
    public int HighestId { get; }

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

    public void Dispose()
    {
        foreach (var tensor in new[] { Ids, Positions, Tokens, TokenStates, TokenSlots, ValueStates, ValueSlots })
        {
            tensor.Dispose();
        }
    }
}
