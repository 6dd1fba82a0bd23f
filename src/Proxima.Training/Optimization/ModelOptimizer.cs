using Proxima.Core;
using Proxima.Models;
using Proxima.Training.Ranks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// Everything that turns one model's gradients into new weights: global-norm clip, the guard against non-finite numbers, the
/// schedule and AdamW. Actor and critic have one each.
/// </summary>
public sealed class ModelOptimizer : IDisposable
{
    private const int SkipsThatEndARun = 3;
    private const double ClipEpsilon = 1e-6; // torch's clip_grad_norm_

    private readonly LearningRateSchedule _schedule;
    private readonly double _maxGradientNorm;
    private readonly AdamW _adam;
    private int _skipsInARow;

    /// <param name="modelName">actor or critic, for messages</param>
    /// <param name="named">the model's parameters under their checkpoint names</param>
    /// <param name="schedule">rate by optimizer step</param>
    /// <param name="settings">moments, clip</param>
    /// <param name="weightDecay">of this model</param>
    /// <param name="copies">what the model computes with</param>
    /// <param name="exact">the weights as they were stored; null: as the parameters are</param>
    /// <param name="gradients">memory that the other model uses too; null: memory of its own</param>
    /// <param name="ranks">the ranks that train the model together; null: there is one</param>
    public ModelOptimizer(
        string modelName,
        IReadOnlyList<(string Name, Parameter Value)> named,
        LearningRateSchedule schedule,
        Core.Settings.OptimizerSettings settings,
        double weightDecay,
        WeightCopies copies = WeightCopies.None,
        IReadOnlyList<(string Name, Parameter Value)>? exact = null,
        GradientMemory? gradients = null,
        ShardedRanks? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ModelName = modelName;
        Parameters = new FlatParameters(named, copies, exact, gradients);
        _schedule = schedule;
        _maxGradientNorm = settings.MaxGradNorm;
        Shards = new ModelShards(modelName, Parameters, ranks ?? ShardedRanks.Alone());
        _adam = new AdamW(Parameters, Shards, settings.AdamBeta1, settings.AdamBeta2, settings.AdamEpsilon, weightDecay);
    }

    public string ModelName { get; }

    public FlatParameters Parameters { get; }

    /// <summary>What this rank holds of the model.</summary>
    internal ModelShards Shards { get; }

    /// <summary>Running mean of the gradients, for checkpoints.</summary>
    public Tensor FirstMoments => _adam.FirstMoments;

    /// <summary>Running mean of their squares, for checkpoints.</summary>
    public Tensor SecondMoments => _adam.SecondMoments;

    /// <summary>Optimizer steps taken; a skipped one is not among them and does not move the schedule.</summary>
    public long Steps
    {
        get => _adam.Steps;
        set => _adam.Steps = value;
    }

    /// <summary>Optimizer steps skipped one after the other up to now.</summary>
    public int SkipsInARow
    {
        get => _skipsInARow;
        set => _skipsInARow = value;
    }

    /// <summary>The rate that the next optimizer step uses.</summary>
    public double Rate => _schedule.Rate(Steps);

    /// <summary>The weights, which stage 3 divides among the ranks.</summary>
    public IDividedWeights Weights => Shards;

    /// <summary>Follows the passes of the model where its gradients or weights are divided among ranks.</summary>
    public void Follow(Decoder decoder) => Shards.Follow(decoder);

    /// <summary>Fills in the float32 weights that other ranks hold, for saving. All ranks call it.</summary>
    public void GatherMasters() => Shards.GatherMasters();

    /// <summary>Ends the backward pass of a micro-batch.</summary>
    public void EndMicroBatch() => Shards.EndMicroBatch();

    /// <summary>Sums the gradients of all ranks and takes one optimizer step, or skips it when the loss or a gradient is not finite; zeroes the gradients.</summary>
    /// <param name="loss">the loss whose gradients these are, over all ranks</param>
    /// <returns>the norm before clipping, the rate, and why the step was skipped, if it was</returns>
    /// <exception cref="ProximaException">three skips in a row</exception>
    public OptimizerStep Step(double loss)
    {
        Shards.SumGradients();
        double norm = Shards.GradientNorm();
        double rate = Rate;
        string? skipped = null;
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            skipped = $"{ModelName}: optimizer step {Steps + 1} skipped, {WhatIsNotFinite(loss, norm)} not finite (loss {loss}, gradient norm {norm})";
            Skip(skipped);
        }
        else
        {
            _adam.Step(rate, Math.Min(1, _maxGradientNorm / (norm + ClipEpsilon)));
            _skipsInARow = 0;
        }

        Shards.ClearGradients();
        return new OptimizerStep(norm, rate, skipped);
    }

    /// <summary>Counts a step that is left out.</summary>
    /// <param name="why">a line that says so</param>
    /// <exception cref="ProximaException">it is the third in a row</exception>
    public void Skip(string why)
    {
        if (++_skipsInARow == SkipsThatEndARun)
        {
            throw new ProximaException(
                ExitCode.Numerical,
                $"{why.TrimEnd('.')}. It is the {SkipsThatEndARun}rd in a row, so the run ends; the last checkpoint is whole. "
                + "Lower the learning rate, or look at the scores and the data of this step.");
        }
    }

    /// <summary>All ranks call it.</summary>
    private string WhatIsNotFinite(double loss, double norm)
    {
        string gradient = double.IsFinite(norm) ? "" : Shards.NonFiniteGradient() is { } name ? $"the gradient of {name}" : "the norm of the gradients";
        return (double.IsFinite(loss), gradient) switch
        {
            (true, _) => $"{gradient} is",
            (false, "") => "the loss is",
            _ => $"the loss and {gradient} are",
        };
    }

    public void Dispose()
    {
        _adam.Dispose();
        Shards.Dispose();
        Parameters.Dispose();
    }
}
