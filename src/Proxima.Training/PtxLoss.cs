using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Training.Supervised;

namespace Proxima.Training;

/// <summary>
/// The supervised loss beside PPO (PPO-ptx; Ouyang et al. 2022, equation 2), as PaddleNLP mixes the two: the actor's loss is
/// ½(PPO + ptx_coeff · CE), with a micro-batch of dialogues beside each one of the rollout.
/// </summary>
/// <param name="actor">the model that learns</param>
/// <param name="feed">the dialogues, an optimizer step at a time</param>
/// <param name="ppo">ptx_coeff and loss_aggregation</param>
/// <param name="microBatchSize">dialogues of a micro-batch</param>
public sealed class PtxLoss(CausalLanguageModel actor, ExampleFeed<EncodedExample> feed, PpoSettings ppo, int microBatchSize)
{
    /// <summary>The share of PPO, and that of ptx_coeff · CE.</summary>
    public const double Share = 0.5;

    /// <summary>The micro-batches of the next optimizer step.</summary>
    public IReadOnlyList<EncodedExample[]> Next() => [.. feed.Next().Chunk(microBatchSize)];

    /// <summary>Adds the gradients of one micro-batch's part of ½ · ptx_coeff · CE to the actor's.</summary>
    /// <param name="microBatches">those of the optimizer step</param>
    /// <param name="index">which of them</param>
    /// <param name="lossFactor">loss scale of the actor</param>
    /// <returns>its part of CE: those of all micro-batches add up to the mean over target tokens</returns>
    public double Backward(IReadOnlyList<EncodedExample[]> microBatches, int index, double lossFactor)
    {
        using var batch = new SupervisedBatch(microBatches[index], actor.Decoder.Device);
        double tokenWeight = ppo.LossAggregation switch
        {
            LossAggregation.Token => 1.0 / microBatches.Sum(Targets),
            LossAggregation.MicroBatch => 1.0 / ((double)Targets(microBatches[index]) * microBatches.Count),
            _ => throw new InvalidOperationException($"loss_aggregation {ppo.LossAggregation}"),
        };
        double factor = Share * ppo.PtxCoeff;
        return factor == 0
            ? SupervisedLoss.Sum(actor, batch) * tokenWeight
            : SupervisedLoss.Backward(actor, batch, tokenWeight * factor, lossFactor) / factor;
    }

    /// <summary>½(PPO + ptx_coeff · CE).</summary>
    public double Mix(double policyLoss, double crossEntropy) => Share * (policyLoss + (ppo.PtxCoeff * crossEntropy));

    private static int Targets(EncodedExample[] microBatch) => microBatch.Sum(SupervisedBatch.TargetCount);
}
