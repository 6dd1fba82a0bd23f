using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>Forward and backward pass of a language model on B × T tokens, all of them targets.</summary>
internal static class GradientSteps
{
    private const int Rounds = 5;
    private const int FlopsPerWeight = 6;

    /// <param name="folder">of the model</param>
    /// <param name="machine">precision</param>
    /// <param name="size">B and T</param>
    /// <param name="threads">that work</param>
    /// <param name="device">of the model; null: the CPU</param>
    /// <returns>times of a pass, and the FLOPs that it cannot do without: 6 N and attention, recomputation not counted</returns>
    public static (StepTimes Times, double Flops) Measure(string folder, MachineSettings machine, (int B, int T) size, int threads, Device? device = null)
    {
        (int B, int T) = size;
        TrainingPrecision precision = TrainingPrecision.Of(machine, earlierProducts: null, device);
        using CausalLanguageModel trained = ModelFolder.LoadCausal(folder, precision.Trained, device);
        trained.Decoder.Options = precision.Options;
        using FlatParameters parameters = new(trained.NamedParameters(), precision.Copies);
        double attention = (double)FlopsPerWeight * trained.Config.LayerCount * T * trained.Config.HiddenSize;
        double flops = (((double)FlopsPerWeight * parameters.Count) + attention) * B * T;
        return (WorkClock.Times(Rounds, threads, Pass), flops);

        void Pass()
        {
            using var scope = NewDisposeScope();
            var ids = randint(0, trained.Config.VocabularySize, [B, T], dtype: ScalarType.Int64, device: trained.Decoder.Device);
            var positions = arange(T, dtype: ScalarType.Int64, device: trained.Decoder.Device).expand(B, -1).contiguous();
            var states = trained.Decoder.Forward(ids, positions).flatten(0, 1); // [B · T, C]
            ChunkedHead.Backward(trained.Head, states, ids.flatten(), 1, (logProbs, _, _) => logProbs.sum() / (-B * T), EntropyUse.None);
            parameters.CollectGradients();
            parameters.Gradients.narrow(0, 0, 1).cpu(); // waits for a device
        }
    }
}
