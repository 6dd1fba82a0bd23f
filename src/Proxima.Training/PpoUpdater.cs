using Proxima.Core;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Step 4 of the loop: passes over a rollout in micro-batches, one optimizer step of actor and of critic for each group of them. The
/// groups are those of one rank; the ranks divide the micro-batches of a group.
/// </summary>
public sealed class PpoUpdater(
    CausalLanguageModel actor,
    ScoreModel critic,
    ModelOptimizer actorOptimizer,
    ModelOptimizer criticOptimizer,
    PpoSettings ppo,
    BatchSettings batches,
    double temperature,
    long seed,
    PtxLoss? ptx = null,
    SharedWork? work = null,
    RestingWeights? weights = null)
{
    private readonly PpoFormulas _formulas = new(ppo);
    private readonly SharedWork _work = work ?? SharedWork.Alone();
    private readonly RestingWeights _weights = weights ?? RestingWeights.AlwaysWhole;
    private bool _selfChecked;

    /// <summary>Improves actor and critic on one rollout.</summary>
    /// <param name="experience">the rollout with its advantages</param>
    /// <param name="step">PPO step, from 1: keys the order of the micro-batches and the critic's warm-up</param>
    /// <param name="metrics">receives policy/, critic/ and ptx/ metrics, once an optimizer step</param>
    /// <returns>a line for each optimizer step that was skipped</returns>
    /// <exception cref="ProximaException">the self-check failed, or three optimizer steps in a row were not finite</exception>
    public IReadOnlyList<string> Update(Experience experience, int step, MetricAccumulator metrics)
    {
        _weights.Rest();
        List<string> skipped = [];
        MakePasses(experience, step, metrics, skipped);
        actorOptimizer.Parameters.EndUpdate();
        criticOptimizer.Parameters.EndUpdate();
        return skipped;
    }

    /// <summary>Leaves out all optimizer steps of a step whose rollout is no use.</summary>
    /// <param name="step">PPO step, from 1</param>
    /// <param name="why">what is wrong with the rollout</param>
    /// <param name="optimizerSteps">how many there would have been</param>
    /// <param name="metrics">receives skipped_steps</param>
    /// <returns>the line that says so</returns>
    /// <exception cref="ProximaException">it is the third skip in a row</exception>
    public string Skip(int step, string why, int optimizerSteps, MetricAccumulator metrics)
    {
        string line = $"step {step} skipped: {why}";
        foreach ((string metric, ModelOptimizer optimizer) in TrainedIn(step))
        {
            for (int i = 0; i < optimizerSteps; i++)
            {
                metrics.Add(metric, 1);
            }

            optimizer.Skip(line);
        }

        return line;
    }

    private bool TrainsActor(int step) => step > ppo.CriticWarmupSteps;

    private IEnumerable<(string SkippedSteps, ModelOptimizer Optimizer)> TrainedIn(int step) => TrainsActor(step)
        ? [(MetricNames.PolicySkippedSteps, actorOptimizer), (MetricNames.CriticSkippedSteps, criticOptimizer)]
        : [(MetricNames.CriticSkippedSteps, criticOptimizer)];

    private void MakePasses(Experience experience, int step, MetricAccumulator metrics, List<string> skipped)
    {
        int sequences = experience.Sequences.Count;
        int sequencesOfOptimizerStep = batches.GradientAccumulationSteps > 0
            ? batches.GradientAccumulationSteps * batches.PerDeviceTrainBatchSize * _work.Ranks.Size
            : sequences;
        bool trainsActor = TrainsActor(step);
        for (int pass = 0; pass < ppo.UpdateIters; pass++)
        {
            int[] order = new CounterRandom(seed, RandomPurpose.MicroBatchOrder, step, pass).Permutation(sequences);
            foreach (int[] rows in order.Chunk(sequencesOfOptimizerStep))
            {
                double approxKl = trainsActor ? ActorStep(experience, rows, metrics, skipped) : 0;
                CriticStep(experience, rows, metrics, skipped);
                if (approxKl > ppo.TargetKl)
                {
                    return;
                }
            }
        }
    }

    /// <summary>One optimizer step of the actor.</summary>
    /// <returns>approx_kl of its sequences</returns>
    private double ActorStep(Experience experience, int[] rows, MetricAccumulator metrics, List<string> skipped)
    {
        int[][] microBatches = [.. rows.Chunk(batches.PerDeviceTrainBatchSize)];
        IReadOnlyList<EncodedExample[]>? dialogues = ptx?.Next();
        var policy = new LossSums();
        double crossEntropy = 0;
        foreach (int i in Share(experience, microBatches))
        {
            using var scope = NewDisposeScope();
            using var batch = new SequenceBatch(experience.Sequences, microBatches[i], experience.Grid);
            double weight = TokenWeight(rows, microBatches[i], microBatches.Length, experience.Grid.TokenCount);
            ActorMicroBatch(experience, batch, weight, policy);
            crossEntropy += dialogues is null ? 0 : ptx!.Backward(dialogues, i);
            actorOptimizer.EndMicroBatch();
        }

        IReadOnlyList<double[]> ofRanks = _work.All("losses of the actor", [crossEntropy, .. policy.Numbers]);
        crossEntropy = ofRanks.Sum(numbers => numbers[0]);
        policy = LossSums.Of(ofRanks.Select(numbers => numbers[1..]));
        double loss = ptx?.Mix(policy.Loss, crossEntropy) ?? policy.Loss;
        Report("policy", actorOptimizer.Step(loss), policy, metrics, skipped);
        if (ptx is not null)
        {
            metrics.Add(MetricNames.PtxLoss, crossEntropy);
        }

        double approxKl = policy.ApproxKl / policy.Tokens;
        metrics.Add(MetricNames.PolicyApproxKl, approxKl);
        metrics.Add(MetricNames.PolicyRatioMean, policy.Ratio / policy.Tokens);
        metrics.Add(MetricNames.PolicyRatioMax, policy.RatioMax);
        return approxKl;
    }

    /// <summary>One optimizer step of the critic.</summary>
    private void CriticStep(Experience experience, int[] rows, MetricAccumulator metrics, List<string> skipped)
    {
        int[][] microBatches = [.. rows.Chunk(batches.PerDeviceTrainBatchSize)];
        var value = new LossSums();
        foreach (int i in Share(experience, microBatches))
        {
            using var scope = NewDisposeScope();
            int[] microBatch = microBatches[i];
            using var batch = new SequenceBatch(experience.Sequences, microBatch, experience.Grid);
            CriticMicroBatch(experience, batch, TokenWeight(rows, microBatch, microBatches.Length, experience.Grid.ValueCount), value);
            criticOptimizer.EndMicroBatch();
        }

        value = LossSums.Of(_work.All("losses of the critic", value.Numbers));
        Report("critic", criticOptimizer.Step(value.Loss), value, metrics, skipped);
    }

    /// <summary>The micro-batches of this rank: as many as any other has, and nearly as many tokens, pads counted.</summary>
    private int[] Share(Experience experience, int[][] microBatches) =>
        _work.Share([.. microBatches.Select(rows => rows.Length * rows.Max(row => experience.Sequences[row].Length))]);

    private double TokenWeight(int[] rows, int[] microBatch, int microBatchCount, Func<int, int> count) =>
        _formulas.TokenWeight(rows.Sum(count), microBatch.Sum(count), microBatchCount);

    private void ActorMicroBatch(Experience experience, SequenceBatch batch, double weight, LossSums sums)
    {
        var oldLogProbs = OfSlots(experience.LogProbs, batch.TokenSlots); // [N]
        var advantages = OfSlots(experience.Advantages, batch.TokenSlots); // [N]
        var states = ResponseForward.TokenStates(actor, batch); // [N, C]
        double share = ptx is null ? 1 : PtxLoss.Share;
        var (newLogProbs, loss) = ChunkedHead.Backward(
            actor.Head, states, batch.Tokens, temperature, ChunkLoss, ppo.EntropyCoeff != 0 ? EntropyUse.InLoss : EntropyUse.None);
        var ratio = PolicyObjective.Ratio(newLogProbs, oldLogProbs); // [N]
        SelfCheck(ratio);
        sums.Add(loss / share, batch.Tokens.shape[0], _formulas.PolicyIsClipped(ratio, advantages));
        sums.ApproxKl += PolicyObjective.ApproxKl(newLogProbs, oldLogProbs).sum().item<float>();
        sums.Ratio += ratio.sum().item<float>();
        sums.RatioMax = Math.Max(sums.RatioMax, ratio.max().item<float>());

        Tensor ChunkLoss(Tensor logProbs, Tensor? entropies, long start)
        {
            long count = logProbs.shape[0];
            var chunkRatio = PolicyObjective.Ratio(logProbs, oldLogProbs.narrow(0, start, count));
            var losses = _formulas.PolicyLosses(chunkRatio, advantages.narrow(0, start, count));
            return (entropies is null ? losses.sum() : (losses - (entropies * ppo.EntropyCoeff)).sum()) * (weight * share);
        }
    }

    private void CriticMicroBatch(Experience experience, SequenceBatch batch, double weight, LossSums sums)
    {
        var oldValues = OfSlots(experience.Values, batch.ValueSlots); // [M]
        var returns = OfSlots(experience.Returns, batch.ValueSlots); // [M]
        var values = ResponseForward.Values(critic, batch); // [M]
        var loss = _formulas.ValueLosses(values, oldValues, returns).sum() * weight;
        loss.backward();
        sums.Add(loss.detach(), batch.ValueSlots.shape[0], _formulas.ValueIsClipped(values, oldValues, returns));
    }

    /// <summary>
    /// Before anything has been learned the policy is the one that wrote the responses, so every ratio is 1. Positions, padding,
    /// dropout and kernels that differ between the two forwards show here, and nowhere else so plainly.
    /// </summary>
    private void SelfCheck(Tensor ratio)
    {
        if (_selfChecked)
        {
            return;
        }

        _selfChecked = true;
        using var scope = NewDisposeScope();
        var off = (ratio - 1).abs();
        (double mean, double worst) = (off.mean().item<float>(), off.max().item<float>());

        // 16 bit: two forwards of other shapes round differently.
        (double meanTolerance, double tolerance) = actor.Decoder.ProductType == ScalarType.Float32 ? (1e-3, 1e-3) : (0.02, 0.3);
        if (!(mean <= meanTolerance && worst <= tolerance))
        {
            throw new ProximaException(
                ExitCode.Numerical,
                $"Self-check at the first update: ratios of new to old probability are off 1 by {mean:g3} on average and {worst:g3} at most; "
                + $"at most {meanTolerance} and {tolerance} were expected. "
                + "The forward of the update differs from that of the scoring; positions, padding, dropout and kernels are the usual causes.");
        }
    }

    private static Tensor OfSlots(Tensor grid, Tensor slots) => grid.view(-1).index_select(0, slots);

    private static void Report(
        string model, OptimizerStep taken, LossSums sums, MetricAccumulator metrics, List<string> skipped)
    {
        metrics.Add($"{model}/loss", sums.Loss);
        metrics.Add($"{model}/clip_fraction", sums.Clipped / sums.Tokens);
        metrics.Add($"{model}/grad_norm", taken.GradientNorm);
        metrics.Add($"{model}/lr", taken.Rate);
        metrics.Add($"{model}/skipped_steps", taken.Skipped is null ? 0 : 1);
        if (taken.Skipped is not null)
        {
            skipped.Add(taken.Skipped);
        }
    }
}
