using Proxima.Core.Metrics;
using Proxima.Tests.Devices;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Gpu.Tests;

/// <summary>One PPO step on a GPU and one on the CPU.</summary>
public sealed class StepTests
{
    [Fact]
    public void A_step_in_float32_moves_the_weights_as_on_the_CPU()
    {
        Device gpu = Gpu.Get();
        DeviceStep cpu = DeviceStep.On(null);
        DeviceStep.On(gpu, rollout: cpu.Rollout).AssertNear(cpu);
    }

    [Theory]
    [InlineData(WeightCopies.BFloat16, 0)]
    [InlineData(WeightCopies.Float16, 1024)]
    public void A_step_with_16_bit_weights_and_float32_masters_moves_the_weights_nearly_so(WeightCopies copies, double lossScale)
    {
        Device gpu = Gpu.Get();
        DeviceStep cpu = DeviceStep.On(null);
        DeviceStep narrow = DeviceStep.On(gpu, copies, lossScale == 0 ? null : new LossScaleState(lossScale, 0), cpu.Rollout);
        Assert.Equal(cpu.Metrics[MetricNames.PolicyLoss], narrow.Metrics[MetricNames.PolicyLoss], 0.05);
        Assert.InRange(narrow.CosineOfCriticMoves(cpu), 0.85, 1.0001);
    }
}
