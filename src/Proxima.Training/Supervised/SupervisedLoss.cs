using Proxima.Models;
using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Training.Supervised;

/// <summary>Cross-entropy of target tokens, −log p(target | all before it), in float32.</summary>
public static class SupervisedLoss
{
    /// <summary>
    /// Adds the gradients of weight × Σ −log p to the model's. With weight 1 ÷ (targets of the whole optimizer step) those of all
    /// micro-batches add up to the gradients of the mean.
    /// </summary>
    /// <param name="model">the model that learns</param>
    /// <param name="batch">one micro-batch</param>
    /// <param name="weight">what the loss of a token is multiplied by</param>
    /// <param name="lossFactor">loss scale: what the gradients are multiplied by on top</param>
    /// <returns>weight × Σ −log p</returns>
    public static double Backward(CausalLanguageModel model, SupervisedBatch batch, double weight, double lossFactor = 1)
    {
        using var scope = NewDisposeScope();
        var (_, loss) = ChunkedHead.Backward(
            model.Head, States(model, batch), batch.Targets, temperature: 1,
            (logProbs, _, _) => logProbs.mul(-weight * lossFactor).sum(), EntropyUse.None);
        return loss.item<float>() / lossFactor;
    }

    /// <summary>Σ −log p of a batch, without gradients.</summary>
    public static double Sum(CausalLanguageModel model, SupervisedBatch batch)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (logProbs, _) = ChunkedHead.Evaluate(model.Head, States(model, batch), batch.Targets, temperature: 1);
        return -logProbs.sum().item<float>();
    }

    /// <returns>[N, C] the state before each target, with its graph when gradients are on</returns>
    private static Tensor States(CausalLanguageModel model, SupervisedBatch batch)
    {
        using var scope = NewDisposeScope();
        var hidden = model.Decoder.Forward(batch.Ids, batch.Positions); // [B, T, C]
        return hidden.flatten(0, 1).index_select(0, batch.TargetStates).MoveToOuterDisposeScope(); // [N, C]
    }
}
