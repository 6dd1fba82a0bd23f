using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Steps 2 and 3 of the loop: from a rollout to scores, log-probs, values, rewards, advantages and returns. Each rank scores a share of the
/// sequences and gets the numbers of all, so that what follows is over the whole rollout.
/// </summary>
public sealed class ExperienceBuilder(
    CausalLanguageModel actor,
    FrozenModel<CausalLanguageModel> reference,
    ScoreModel critic,
    IRewardSource rewardSource,
    ScoreShaper scoreShaper,
    PpoSettings ppo,
    SamplingSettings sampling,
    SharedWork? work = null,
    RestingWeights? weights = null)
{
    /// <summary>Tokens of one forward without gradients, pads counted.</summary>
    public const int TokensPerForward = 8192;

    private readonly PpoFormulas _formulas = new(ppo);
    private readonly SharedWork _work = work ?? SharedWork.Alone();
    private readonly RestingWeights _weights = weights ?? RestingWeights.AlwaysWhole;

    /// <summary>Scores a rollout and estimates its advantages.</summary>
    /// <param name="sequences">the rollout of all ranks</param>
    /// <param name="klCoefficient">weight of the KL penalty</param>
    /// <exception cref="NonFiniteException">a score, log-prob or value is not finite; nothing has changed</exception>
    public Experience Build(IReadOnlyList<Sequence> sequences, double klCoefficient)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var grid = new ResponseGrid(sequences, ppo.ScorePlacement, sampling.MaxDecLen);

        // Scores: one a sequence.
        int[] lengths = [.. sequences.Select(s => s.Length)];
        IReadOnlyList<double> scores = Scores(sequences, lengths);
        RequireFinite(scores, sequences);

        // Log-probs of actor and reference, values of the critic: one a token.
        (Tensor logProbs, Tensor refLogProbs, Tensor entropies, Tensor values) = Forward(sequences, lengths, grid); // [B, R] each
        RequireFinite("log-probs of the actor", logProbs, sequences);
        RequireFinite("log-probs of the reference", refLogProbs, sequences);
        RequireFinite("values of the critic", values, sequences);

        // Rewards: a KL penalty on each token, the score on one slot.
        var tokenMask = grid.TokenMask(); // [B, R]
        var valueMask = grid.ValueMask(); // [B, R]
        IReadOnlyList<double> shapedScores = scoreShaper.Shape(scores, sequences);
        var addedScores = tensor(shapedScores.Select(s => (float)s).ToArray()); // [B]
        var rewards = _formulas.Rewards(logProbs, refLogProbs, klCoefficient, grid.ScoreSlots(), addedScores); // [B, R]

        var advantages = _formulas.Advantages(rewards, values, valueMask); // [B, R]
        var returns = advantages + values; // [B, R]
        double klPerSequence = KlDivergence.K1(logProbs, refLogProbs).sum(1).mean().item<float>();
        return new Experience
        {
            Sequences = sequences,
            Grid = grid,
            LogProbs = logProbs.MoveToOuterDisposeScope(),
            RefLogProbs = refLogProbs.MoveToOuterDisposeScope(),
            Entropies = entropies.MoveToOuterDisposeScope(),
            Values = values.MoveToOuterDisposeScope(),
            Rewards = rewards.MoveToOuterDisposeScope(),
            Advantages = _formulas.Whiten(advantages, tokenMask).MoveToOuterDisposeScope(),
            Returns = returns.MoveToOuterDisposeScope(),
            Scores = scores,
            ShapedScores = shapedScores,
            KlPerSequence = klPerSequence,
        };
    }

    private IReadOnlyList<double> Scores(IReadOnlyList<Sequence> sequences, int[] lengths)
    {
        using IDisposable? whole = _weights.Whole(ModelRole.Reward);
        return _work.Do("the scores", lengths, share => rewardSource.Score([.. share.Select(i => sequences[i])]), ResultFormats.Numbers);
    }

    private (Tensor LogProbs, Tensor RefLogProbs, Tensor Entropies, Tensor Values) Forward(
        IReadOnlyList<Sequence> sequences, int[] lengths, ResponseGrid grid)
    {
        var grids = zeros(4, grid.Rows * grid.Width, dtype: ScalarType.Float32); // [4, B·R]
        var (logProbs, refLogProbs, entropies, values) = (grids.select(0, 0), grids.select(0, 1), grids.select(0, 2), grids.select(0, 3));
        int[] share = _work.Share(lengths);
        _weights.Gather(ModelRole.Actor);
        using (_weights.Whole(ModelRole.Critic))
        {
            ForEachBatch((rows, batch) =>
            {
                var (batchLogProbs, batchEntropies) = ppo.RecomputeOldLogProbs
                    ? ResponseForward.LogProbs(actor, batch, sampling.Temperature)
                    : OfSampler(sequences, rows);
                logProbs.index_copy_(0, batch.TokenSlots, batchLogProbs.cpu());
                entropies.index_copy_(0, batch.TokenSlots, batchEntropies.cpu());
                values.index_copy_(0, batch.ValueSlots, ResponseForward.Values(critic, batch).cpu());
            });
        }

        using (_weights.Whole(ModelRole.Reference))
        {
            reference.Use(model => ForEachBatch((_, batch) =>
                refLogProbs.index_copy_(0, batch.TokenSlots, ResponseForward.LogProbs(model, batch, sampling.Temperature).LogProbs.cpu())));
        }

        _work.Ranks.AllReduce("log-probs and values", grids, Reduction.Sum); // the rows of other ranks are 0 here
        Tensor Shaped(Tensor flat) => flat.view(grid.Rows, grid.Width); // [B, R]
        return (Shaped(logProbs), Shaped(refLogProbs), Shaped(entropies), Shaped(values));

        void ForEachBatch(Action<int[], SequenceBatch> compute)
        {
            foreach (int[] group in Padding.GroupsByLength([.. share.Select(row => lengths[row])], TokensPerForward))
            {
                int[] rows = [.. group.Select(i => share[i])];
                using var scope = NewDisposeScope();
                using var batch = new SequenceBatch(sequences, rows, grid, actor.Decoder.Device);
                compute(rows, batch);
            }
        }
    }

    /// <summary>As float32, in which they are added to the rewards.</summary>
    private static void RequireFinite(IReadOnlyList<double> scores, IReadOnlyList<Sequence> sequences)
    {
        int broken = Enumerable.Range(0, scores.Count).FirstOrDefault(i => !float.IsFinite((float)scores[i]), -1);
        if (broken >= 0)
        {
            throw new NonFiniteException($"the score {scores[broken]} of an answer to {sequences[broken].Dialogue.Origin} is no number of float32");
        }
    }

    /// <param name="what">the numbers, for the message</param>
    /// <param name="numbers">[B, R] the same on all ranks</param>
    /// <param name="sequences">[B]</param>
    private static void RequireFinite(string what, Tensor numbers, IReadOnlyList<Sequence> sequences)
    {
        using var scope = NewDisposeScope();
        var finite = numbers.isfinite().all(1); // [B]
        if (!finite.all().item<bool>())
        {
            int row = Array.IndexOf(finite.data<bool>().ToArray(), false);
            throw new NonFiniteException($"{what} of an answer to {sequences[row].Dialogue.Origin} are not finite");
        }
    }

    /// <summary>What the sampler saw: the same numbers where it computes as exactly as training does.</summary>
    /// <returns>[N] and [N], float32</returns>
    private static (Tensor LogProbs, Tensor Entropies) OfSampler(IReadOnlyList<Sequence> sequences, int[] rows) => (
        tensor(rows.SelectMany(row => sequences[row].SamplerLogProbs).ToArray()),
        tensor(rows.SelectMany(row => sequences[row].SamplerEntropies).ToArray()));
}
