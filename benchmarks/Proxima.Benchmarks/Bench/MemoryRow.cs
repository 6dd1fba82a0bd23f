using System.Globalization;
using Proxima.Core.Settings;
using Proxima.Models.Native;
using Proxima.Training;

namespace Proxima.Benchmarks.Bench;

/// <summary>Resident memory over 1,000 PPO steps with responses of all lengths, as a run trims its heap.</summary>
internal static class MemoryRow
{
    private const int Steps = 1000;
    private const int WarmUp = 50;
    private const int Window = 100;
    private const int Vocabulary = 512;
    private const string Percent = "%";

    /// <summary>One token in sixteen ends a response: half of them end before the eleventh.</summary>
    private static readonly int[] StopTokenIds = [.. Enumerable.Range(0, Vocabulary / 16)];

    /// <param name="threads">that work</param>
    /// <param name="tell">told of the progress</param>
    public static Goal Measure(int threads, Action<string> tell)
    {
        using TemporaryModel model = new(RandomModelFolder.Stories);
        using PpoSteps ppo = new(model.Folder, new MachineSettings(), sequences: 64, newTokens: 40, threads, StopTokenIds);
        List<double> resident = [];
        for (int step = 1; step <= Steps; step++)
        {
            ppo.Step(step);
            NativeHeap.AfterStep(step);
            resident.Add(ProcessMemory.Gigabytes().Resident);
            if (step % Window == 0)
            {
                double[] last = [.. resident.TakeLast(Window)];
                tell(string.Create(CultureInfo.InvariantCulture, $"  step {step}: {1000 * last.Min():F0} to {1000 * last.Max():F0} MB, mean {1000 * last.Average():F0}"));
            }
        }

        double first = resident.Skip(WarmUp).Take(Window).Average();
        double growth = 100 * ((resident.TakeLast(Window).Average() / first) - 1);
        return new Goal
        {
            Name = $"stories260k, {Steps} PPO steps, growth of resident memory after step {WarmUp}",
            Measured = growth,
            Median = growth,
            Target = 5,
            Unit = Percent,
            IsUpperBound = true,
        };
    }
}
