using System.Diagnostics;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Training.Planning;

/// <summary>
/// Measures generation on two slices of a model: few tokens with some layers, and all tokens with one. What a layer takes, and what the
/// vocabulary, follow from both.
/// </summary>
/// <param name="config">the model's shape</param>
/// <param name="weights">type of its weights</param>
/// <param name="sampling">processors and the kind of engine</param>
/// <param name="machine">kernel and precision</param>
public sealed class EngineCalibration(ModelConfig config, ScalarType weights, SamplingSettings sampling, MachineSettings machine)
{
    private const int SmallVocabulary = 4096;
    private const int LongestPrompt = 512;
    private const int FewTokens = 2;
    private const int MoreTokens = 10;
    private const int PlainWidth = 32;
    private const double SecondsToWarmUp = 1;

    private bool _isWarm;

    /// <summary>The kernel that the last measurement was made with; auto for the plain engine.</summary>
    public ComputeKernel Kernel { get; private set; }

    /// <summary>Measures a rollout.</summary>
    /// <param name="responses">of a rollout</param>
    /// <param name="samples">of them for each prompt</param>
    /// <param name="context">tokens before the token that is written, on average</param>
    public EngineCost Measure(int responses, int samples, double context)
    {
        int layers = ModelCalibration.LayersOf(config);
        int vocabulary = Math.Min(SmallVocabulary, config.VocabularySize);
        EngineCost some = Slice(layers, vocabulary, responses, samples, context); // layers · layer + share · head
        if (vocabulary == config.VocabularySize)
        {
            return some.Times((double)config.LayerCount / layers); // a head this small does not tell
        }

        EngineCost one = Slice(1, config.VocabularySize, responses, samples, context); // layer + head
        double share = (double)vocabulary / config.VocabularySize;
        EngineCost layer = some.Plus(one.Times(-share)).Times(1 / (layers - share));
        return one.Plus(layer.Times(config.LayerCount - 1));
    }

    private EngineCost Slice(int layers, int vocabulary, int responses, int samples, double context)
    {
        using CausalLanguageModel model = ModelSlice.Causal(ModelSlice.Cut(config, layers, vocabulary), weights);
        using GenerationEngines engines = sampling.UseFusemt
            ? GenerationEngines.Fused(model, get_num_threads(), machine.ComputeKernel, machine.Precision)
            : GenerationEngines.Plain(model);
        Kernel = engines.Kernel;
        int width = sampling.UseFusemt
            ? EngineMemory.ResponsesAtOnce(config, Kernel, get_num_threads(), responses, samples)
            : Math.Min(responses, Math.Max(samples, PlainWidth));
        int prompts = Math.Max(1, width / samples);
        width = prompts * samples;
        int length = (int)Math.Clamp(context - (MoreTokens / 2), 1, LongestPrompt);
        if (!_isWarm)
        {
            Best(engines, prompts, length, samples, MoreTokens);
        }

        double pack = Best(engines, 1, 1, 1, 1);
        double few = Best(engines, prompts, length, samples, FewTokens);
        double more = Best(engines, prompts, length, samples, MoreTokens);
        double step = (more - few) / (MoreTokens - FewTokens);
        return new EngineCost(pack, Math.Max(0, few - pack - ((FewTokens - 1) * step)) / ((double)prompts * length), step, width);
    }

    /// <summary>The run time compiles a loop anew when it has run for a while, as it does early in a run.</summary>
    private void WarmUp(Action generate)
    {
        long started = Stopwatch.GetTimestamp();
        do
        {
            generate();
        }
        while (!_isWarm && Stopwatch.GetElapsedTime(started).TotalSeconds < SecondsToWarmUp);
        _isWarm = true;
    }

    private double Best(GenerationEngines engines, int prompts, int length, int samples, int newTokens)
    {
        SamplingOptions options = RolloutWorker.Options(
            sampling with { MaxDecLen = newTokens, MinDecLen = newTokens }, new StopCriteria { TokenIds = [] });
        IGenerationEngine engine = engines.Create(options with { SamplesPerPrompt = samples });
        int[][] ids = [.. Enumerable.Range(0, prompts).Select(_ => new int[length])];
        void Generate() => engine.Generate(ids, i => new CounterRandom(1, RandomPurpose.Rollout, 0, i));
        WarmUp(Generate);
        return PlanClock.Best(Generate);
    }
}
