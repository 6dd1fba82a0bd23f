using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Training.Rewards;

/// <summary>
/// The score head's value at the last token of prompt + response. The reward model has the actor's tokenizer, so the sampled ids
/// themselves are scored, never re-encoded text.
/// </summary>
/// <param name="rewardModel">the reward model</param>
/// <param name="stop">ends the work between two forwards</param>
public sealed class RewardModelSource(FrozenModel<ScoreModel> rewardModel, CancellationToken stop = default) : IRewardSource
{
    /// <exception cref="NonFiniteException">a score is not finite</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences) => rewardModel.Use(model => Score(model, sequences));

    private double[] Score(ScoreModel model, IReadOnlyList<Sequence> sequences)
    {
        using var noGrad = no_grad();
        double[] scores = new double[sequences.Count];

        // The state after the last token is the slot that this placement adds behind it.
        var grid = new ResponseGrid(sequences, ScorePlacement.AfterEos, maxNewTokens: int.MaxValue);
        foreach (int[] rows in Padding.GroupsByLength([.. sequences.Select(s => s.Length)], ExperienceBuilder.TokensPerForward))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch(sequences, rows, grid, model.Decoder.Device);
            float[] values = ResponseForward.Values(model, batch).cpu().data<float>().ToArray();
            int place = -1;
            foreach (int row in rows)
            {
                place += grid.ValueCount(row);
                scores[row] = values[place];
            }
        }

        int broken = Array.FindIndex(scores, score => !double.IsFinite(score));
        return broken < 0 ? scores : throw new NonFiniteException(
            $"the reward model gave {scores[broken]} for an answer to {sequences[broken].Dialogue.Origin}; a finite number was expected. Check its weights.");
    }
}
