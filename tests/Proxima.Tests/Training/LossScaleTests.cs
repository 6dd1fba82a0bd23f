using Proxima.Core.Settings;
using Proxima.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

public sealed class LossScaleTests
{
    private static readonly OptimizerSettings Settings = new() { LearningRate = 0.1, LrSchedulerType = SchedulerType.Constant };

    [Fact]
    public void A_power_of_two_changes_no_bit_of_the_weights()
    {
        float[] plain = Train(scale: null, steps: 5);
        float[] scaled = Train(new LossScale { State = new(1024, 0) }, steps: 5);
        Assert.Equal(plain, scaled);
    }

    [Fact]
    public void An_overflow_halves_the_scale_takes_no_step_and_counts_as_no_skip()
    {
        using var scope = NewDisposeScope();
        (ModelOptimizer optimizer, Parameter weight) = Model(new LossScale { State = new(8, 5) });
        using (optimizer)
        {
            float[] before = weight.data<float>().ToArray();
            weight.grad!.fill_(float.PositiveInfinity);

            OptimizerStep taken = optimizer.Step(loss: 1);

            Assert.Equal((null, null), (taken.GradientNorm, taken.Skipped));
            Assert.Equal(new LossScaleState(4, 0), optimizer.LossScale!.State);
            Assert.Equal((0, 0), (optimizer.Steps, optimizer.SkipsInARow));
            Assert.Equal(before, weight.data<float>().ToArray());
            Assert.Equal(0, weight.grad!.abs().sum().item<float>());
        }
    }

    [Fact]
    public void At_a_scale_of_one_an_overflow_is_a_skip_like_any_other()
    {
        using var scope = NewDisposeScope();
        (ModelOptimizer optimizer, Parameter weight) = Model(new LossScale { State = new(1, 0) });
        using (optimizer)
        {
            weight.grad!.fill_(float.NaN);

            Assert.Contains("the gradient of a.weight is not finite", optimizer.Step(loss: 1).Skipped, StringComparison.Ordinal);
            Assert.Equal(1, optimizer.SkipsInARow);
        }
    }

    [Fact]
    public void After_two_thousand_steps_the_scale_doubles()
    {
        Assert.Equal(65536, new LossScale().Value);
        LossScale scale = new() { State = new(16, LossScale.StepsToGrow - 2) };
        scale.CountStep();
        Assert.Equal(new LossScaleState(16, 1999), scale.State);
        scale.CountStep();
        Assert.Equal(new LossScaleState(32, 0), scale.State);
    }

    private static float[] Train(LossScale? scale, int steps)
    {
        using var scope = NewDisposeScope();
        (ModelOptimizer optimizer, Parameter weight) = Model(scale);
        using (optimizer)
        {
            Assert.Equal(scale?.Value ?? 1, optimizer.LossFactor);
            for (int step = 0; step < steps; step++)
            {
                using var loss = (weight - 0.3).square().mul(optimizer.LossFactor).sum();
                loss.backward();
                optimizer.EndMicroBatch();
                Assert.Null(optimizer.Step(1).Skipped);
            }

            return weight.data<float>().ToArray();
        }
    }

    private static (ModelOptimizer Optimizer, Parameter Weight) Model(LossScale? scale)
    {
        Parameter weight = new(linspace(-1, 1, 37), requires_grad: true);
        return (new ModelOptimizer("actor", [("a.weight", weight)], LearningRateSchedule.ForActor(Settings, 100), Settings, 0.1, lossScale: scale), weight);
    }
}
