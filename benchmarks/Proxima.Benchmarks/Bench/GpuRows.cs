using System.Diagnostics;
using System.Globalization;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>The rows of a GPU: decoding against the bandwidth, training against the peak, a PPO step against a plain PyTorch one.</summary>
internal sealed class GpuRows : IDisposable
{
    private const int Threads = 2; // by the clock: the host only asks for work
    private const int Rounds = 5;
    private const int Sequences = 16;
    private const int NewTokens = 32;
    private const int GemmSize = 8192;
    private const long BufferNumbers = 1L << 30;
    private const double PercentOfBandwidth = 15;
    private const double PercentOfPeak = 25;
    private const double TimesPlain = 1.5;

    private static readonly MachineSettings Bf16 = new() { Bf16 = true, Fp16OptLevel = OptLevel.O2, UseFlashAttention = true };

    private readonly Device _device;
    private readonly TemporaryModel _model;
    private readonly double _peak; // GFLOP/s
    private readonly double _bandwidth; // bytes a second

    /// <param name="device">to measure</param>
    /// <param name="shape">of the model</param>
    public GpuRows(Device device, RandomModelFolder shape)
    {
        _device = device;
        _model = new TemporaryModel(shape);
        _peak = LibTorch.MeasureGemm(GemmSize, ScalarType.BFloat16, device);
        _bandwidth = Bandwidth();
    }

    /// <summary>What the rows are measured by.</summary>
    public IEnumerable<string> Yardsticks =>
    [
        string.Create(CultureInfo.InvariantCulture, $"bf16 products: {_peak / 1000:F1} TFLOP/s"),
        string.Create(CultureInfo.InvariantCulture, $"reading of memory: {_bandwidth / 1e9:F0} GB/s"),
    ];

    /// <summary>The rows.</summary>
    /// <param name="plainSeconds">of the PPO step of plain PyTorch; null: not measured</param>
    public IEnumerable<Goal> Measure(double? plainSeconds)
    {
        yield return Decode();
        (StepTimes times, double flops) = GradientSteps.Measure(_model.Folder, Bf16, (4, 1024), Threads, _device);
        yield return times.Goal("forward + backward, 4 x 1024 tokens, of the bf16 peak", 100 * flops / (_peak * 1e9), PercentOfPeak, "%");
        StepTimes step = PpoStep();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PPO step: {step.Median:F3} s; plain PyTorch: {plainSeconds?.ToString("F3", CultureInfo.InvariantCulture) ?? "not measured"}"));
        if (plainSeconds is double plain)
        {
            yield return step.Goal("PPO step, times as fast as plain PyTorch", plain, TimesPlain, "x");
        }
    }

    public void Dispose() => _model.Dispose();

    /// <summary>One token after the other: each reads all weights once.</summary>
    private Goal Decode()
    {
        const int Few = 16;
        const int Many = 80;
        using CausalLanguageModel model = ModelFolder.LoadCausal(_model.Folder, ScalarType.BFloat16, _device);
        double bytes = model.NamedParameters().Sum(p => (double)p.Value.numel()) * sizeof(ushort);
        int[] prompt = [.. Enumerable.Range(10, 64)];
        StepTimes few = WorkClock.Times(Rounds, Threads, () => Generate(Few));
        StepTimes many = WorkClock.Times(Rounds, Threads, () => Generate(Many));
        StepTimes token = new((many.Fast - few.Fast) / (Many - Few), (many.Median - few.Median) / (Many - Few));
        return token.Goal("decode, B = 1, of the bandwidth (plain, without graphs)", 100 * bytes / _bandwidth, PercentOfBandwidth, "%");

        void Generate(int count) => new DeviceEngine(model, new SamplingOptions { MaxNewTokens = count })
            .Generate([prompt], i => new CounterRandom(1, RandomPurpose.Rollout, 0, i));
    }

    private StepTimes PpoStep()
    {
        using var steps = new PpoSteps(_model.Folder, Bf16, Sequences, NewTokens, Threads, device: _device);
        int number = 0;
        return WorkClock.Times(Rounds, Threads, () =>
        {
            steps.Step(++number);
            Wait();
        });
    }

    private double Bandwidth()
    {
        using var scope = NewDisposeScope();
        var buffer = zeros(BufferNumbers, dtype: ScalarType.BFloat16, device: _device);
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            buffer.amax([0]).to_type(ScalarType.Float32).item<float>();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return BufferNumbers * sizeof(ushort) / best;
    }

    private void Wait()
    {
        if (_device.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }
}
