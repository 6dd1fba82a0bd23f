using Proxima.Core.Metrics;
using Proxima.Training.Optimization;

namespace Proxima.Tests.Devices;

/// <summary>PPO steps on a device that is not the CPU: a tensor that is made on the wrong one would be an error.</summary>
public sealed class PpoStepTests
{
    [Fact, Trait("Speed", "Slow")]
    public void A_step_on_another_device_draws_the_tokens_and_moves_the_weights_as_on_the_CPU()
    {
        DeviceStep cpu = DeviceStep.On(null);
        DeviceStep device = DeviceStep.On(SecondDevice.Get());

        Assert.Equal(cpu.Rollout.Select(sequence => sequence.Response), device.Rollout.Select(sequence => sequence.Response));
        device.AssertNear(cpu);
    }

    [Fact, Trait("Speed", "Slow")]
    public void In_float16_with_master_weights_and_a_loss_scale_a_step_moves_the_weights_nearly_as_in_float32()
    {
        DeviceStep wide = DeviceStep.On(null);
        DeviceStep half = DeviceStep.On(SecondDevice.Get(), WeightCopies.Float16, new LossScaleState(64, 3), wide.Rollout);

        Assert.Equal(wide.Metrics[MetricNames.PolicyLoss], half.Metrics[MetricNames.PolicyLoss], 0.02);
        Assert.Equal(1, half.Metrics["critic/grad_norm"] / wide.Metrics["critic/grad_norm"], 0.05);
        Assert.Equal(1, half.Metrics["policy/grad_norm"] / wide.Metrics["policy/grad_norm"], 0.05);
        Assert.InRange(half.CosineOfCriticMoves(wide), 0.9, 1.0001);
        Assert.Equal(new LossScaleState(64, 4), half.LossScale);
    }
}
