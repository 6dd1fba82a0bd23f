using System.Diagnostics;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Benchmarks;

/// <summary>
/// New tokens a second of the plain and the fused engine on one model: prompts of 64 tokens, 64 new ones. The reading of the
/// prompts and the packing of the weights are measured by a call for one new token and taken off. With one thread the
/// seconds are those of the processor, so that a busy machine does not matter much; with more they are those of the clock.
/// </summary>
internal static class DecodeBenchmark
{
    private const int PromptLength = 64;
    private const int NewTokens = 64;
    private const int Rounds = 7;
    private static readonly int[] Batches = [1, 8, 32];

    /// <param name="folder">a model folder; "15M": random weights of that shape</param>
    /// <param name="threads">of both engines</param>
    /// <param name="kernel">of the fused engine</param>
    public static int Run(string folder, int threads, ComputeKernel kernel)
    {
        LibTorch.Load();
        set_num_threads(threads);
        string? made = null;
        if (folder == "15M")
        {
            made = Directory.CreateTempSubdirectory("proxima-bench").FullName;
            RandomModelFolder.FifteenMillion.Write(made);
        }

        using CausalLanguageModel model = ModelFolder.LoadCausal(made ?? folder, ScalarType.Float32);
        using GenerationEngines plain = GenerationEngines.Plain(model);
        using GenerationEngines fused = GenerationEngines.Fused(model, threads, kernel, ComputePrecision.Fp32);
        Console.WriteLine($"{folder}: {fused.Description}");
        Console.WriteLine("  B   plain tokens/s   fused tokens/s   ratio   fused prompt tokens/s");
        foreach (int batch in Batches)
        {
            (double plainStep, _) = Measure(plain, model.Config, batch, threads);
            (double fusedStep, double fusedStart) = Measure(fused, model.Config, batch, threads);
            Console.WriteLine(
                $"{batch,3}   {batch / plainStep,14:F0}   {batch / fusedStep,14:F0}   {plainStep / fusedStep,5:F1}   {batch * PromptLength / fusedStart,21:F0}");
        }

        if (made is not null)
        {
            Directory.Delete(made, recursive: true);
        }

        return 0;
    }

    /// <summary>Median seconds of one step after the first, and of a call for one token.</summary>
    private static (double Step, double Start) Measure(GenerationEngines engines, ModelConfig config, int batch, int threads)
    {
        var random = new CounterRandom(1, RandomPurpose.Rollout);
        int[][] prompts = [.. Enumerable.Range(0, batch).Select(_ => Enumerable.Range(0, PromptLength).Select(_ => random.NextInt(config.VocabularySize)).ToArray())];
        IGenerationEngine one = engines.Create(new SamplingOptions { MaxNewTokens = 1 });
        IGenerationEngine all = engines.Create(new SamplingOptions { MaxNewTokens = NewTokens });
        double start = Median(() => one.Generate(prompts, StreamOf), threads);
        double whole = Median(() => all.Generate(prompts, StreamOf), threads);
        return ((whole - start) / (NewTokens - 1), start);
    }

    private static CounterRandom StreamOf(int i) => new(1, RandomPurpose.Rollout, 0, i);

    private static double Median(Func<object> work, int threads)
    {
        work();
        double[] seconds = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            (long clock, TimeSpan processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            work();
            seconds[round] = threads == 1
                ? (Environment.CpuUsage.TotalTime - processor).TotalSeconds
                : Stopwatch.GetElapsedTime(clock).TotalSeconds;
        }

        return seconds.Order().ElementAt(Rounds / 2);
    }
}
