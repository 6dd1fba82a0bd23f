using Proxima.Core.Settings;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// The [B, R] grid in which a rollout's log-probs, values, rewards and advantages stand: one row a sequence, one slot a response
/// token and, when the score is placed after the end (TRL), one further slot for the state after the last token.
/// </summary>
public sealed class ResponseGrid
{
    private readonly int[] _tokenCounts;
    private readonly int[] _valueCounts;

    /// <param name="sequences">the rollout</param>
    /// <param name="placement">where the score goes</param>
    /// <param name="maxNewTokens">a response of this length leaves no room for a further slot</param>
    public ResponseGrid(IReadOnlyList<Sequence> sequences, ScorePlacement placement, int maxNewTokens)
    {
        _tokenCounts = [.. sequences.Select(s => s.Response.Length)];
        _valueCounts = [.. _tokenCounts.Select(n => placement == ScorePlacement.AfterEos && n < maxNewTokens ? n + 1 : n)];
        Width = _valueCounts.Max();
    }

    /// <summary>B.</summary>
    public int Rows => _tokenCounts.Length;

    /// <summary>R, with the further slot where there is one.</summary>
    public int Width { get; }

    /// <summary>Response tokens of a row.</summary>
    public int TokenCount(int row) => _tokenCounts[row];

    /// <summary>Slots of a row whose value is trained.</summary>
    public int ValueCount(int row) => _valueCounts[row];

    /// <summary>[B, R] true at response tokens.</summary>
    public Tensor TokenMask() => Mask(_tokenCounts);

    /// <summary>[B, R] true where a value is trained.</summary>
    public Tensor ValueMask() => Mask(_valueCounts);

    /// <summary>[B] the slot of each row that receives the score: its last.</summary>
    public Tensor ScoreSlots() => tensor(_valueCounts.Select(n => (long)n - 1).ToArray());

    private Tensor Mask(int[] counts)
    {
        bool[] mask = new bool[Rows * Width];
        for (int row = 0; row < Rows; row++)
        {
            mask.AsSpan(row * Width, counts[row]).Fill(true);
        }

        return tensor(mask).view(Rows, Width); // [B, R]
    }
}
