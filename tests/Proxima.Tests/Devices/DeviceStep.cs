using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Tests.Training;
using Proxima.Training;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Tests.Devices;

/// <summary>A whole PPO step of the stories task on some device, from prompts to new weights.</summary>
internal sealed class DeviceStep
{
    private static readonly PpoSettings Ppo = new() { NormalizeAdvantage = true, ClipRangeValue = 0.2, EntropyCoeff = 0.01 };
    private static readonly SamplingSettings Short = StoriesModels.ShortResponses with { MaxDecLen = 4 };
    private static readonly OptimizerSettings Decaying = new() { LearningRate = 1e-3, MaxGradNorm = 1, WeightDecay = 0.1 };

    private (float[] Before, float[] After) _actor;
    private (float[] Before, float[] After) _critic;

    private DeviceStep(IReadOnlyList<Sequence> rollout) => Rollout = rollout;

    public IReadOnlyList<Sequence> Rollout { get; }

    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    public required LossScaleState? LossScale { get; init; }

    /// <summary>Takes the step.</summary>
    /// <param name="device">of the models; null: the CPU</param>
    /// <param name="copies">what the models compute with</param>
    /// <param name="lossScale">of both optimizers</param>
    /// <param name="rollout">answers that were given before; null: the model on the device gives its own</param>
    public static DeviceStep On(
        Device? device, WeightCopies copies = WeightCopies.None, LossScaleState? lossScale = null, IReadOnlyList<Sequence>? rollout = null)
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Ppo, Short, optimizer: Decaying, device: device, copies: copies, lossScale: lossScale);
        IReadOnlyList<Sequence> answers = rollout ?? models.Roll(device is null ? GenerationEngines.Plain(models.Actor) : GenerationEngines.OnDevice(models.Actor));
        (float[] Actor, float[] Critic) before = (Weights(models.ActorOptimizer), Weights(models.CriticOptimizer));
        using Experience experience = models.Builder.Build(answers, 0.1);
        var metrics = new MetricAccumulator();
        Assert.Empty(models.Updater.Update(experience, 1, metrics));
        return new DeviceStep(answers)
        {
            Metrics = metrics.Flush(),
            LossScale = models.ActorOptimizer.LossScale?.State,
            _actor = (before.Actor, Weights(models.ActorOptimizer)),
            _critic = (before.Critic, Weights(models.CriticOptimizer)),
        };
    }

    /// <summary>Fails where metrics or weights differ by more than rounding.</summary>
    public void AssertNear(DeviceStep cpu)
    {
        foreach (string name in cpu.Metrics.Keys)
        {
            Assert.Equal(cpu.Metrics[name], Metrics[name], 1e-4 * Math.Max(1, Math.Abs(cpu.Metrics[name])));
        }

        AssertMoved(cpu._actor, _actor);
        AssertMoved(cpu._critic, _critic);
    }

    /// <summary>Cosine between the ways that the critic's weights went in two steps.</summary>
    public double CosineOfCriticMoves(DeviceStep other)
    {
        (double[] a, double[] b) = (Moves(_critic), Moves(other._critic));
        return a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));
    }

    private static double[] Moves((float[] Before, float[] After) weights) =>
        [.. weights.Before.Zip(weights.After, (before, after) => (double)after - before)];

    private static void AssertMoved((float[] Before, float[] After) cpu, (float[] Before, float[] After) device)
    {
        // AdamW divides small moments by small roots: a rounding moves single weights by more than the rest, by at most 2 · rate.
        double[] gaps = [.. cpu.After.Zip(device.After, (a, b) => Math.Abs((double)a - b)).Order()];
        Assert.Equal(cpu.Before, device.Before);
        Assert.NotEqual(cpu.Before, cpu.After);
        Assert.InRange(gaps[(int)(0.99 * gaps.Length)], 0, 1e-5);
        Assert.InRange(gaps[^1], 0, 2 * Decaying.LearningRate);
    }

    private static float[] Weights(ModelOptimizer optimizer) => optimizer.Parameters.Values.cpu().data<float>().ToArray();
}
