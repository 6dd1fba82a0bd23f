using Proxima.Cli.Answers;
using Proxima.Cli.Ppo;
using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Dashboard.Terminal;
using Proxima.Data.Dialogues;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training.Rewards;
using Spectre.Console;
using static TorchSharp.torch;

namespace Proxima.Cli;

/// <summary>The only place that builds everything: settings in, running objects out.</summary>
internal static class Composition
{
    /// <summary>Builds a PPO run from its settings and runs it.</summary>
    public static ExitCode RunPpo(
        LoadedPpoSettings loaded, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console)
    {
        PpoInputs inputs = PpoInputs.Load(loaded);
        StartTorch(loaded.Settings.Machine.NumThreads);
        using var models = new PpoModels(inputs.Settings.Model);
        using GenerationEngines engines = Engines(models.Actor, inputs.Settings.Sampling);
        using IRunDisplay display = Display(console);
        using var stop = new StopSignals(display);
        using var rewards = new PpoRewards(inputs, models.Reward, rewardFunctions, stop.Token);
        return new PpoComposition(inputs, models, engines, rewards, stop, display).Run();
    }

    /// <summary>Answers prompts, or chats.</summary>
    public static ExitCode RunGenerate(LoadedGenerateSettings loaded, CommandConsole console)
    {
        GenerateCommandSettings settings = loaded.Settings;
        AnsweringModel answering = AnsweringModel.Read(
            "model_name_or_path", settings.Answering.ModelNameOrPath!, settings.Sampling, loaded.Written);
        IReadOnlyList<Dialogue> prompts = loaded.IsChat ? [] : PromptList.Read(loaded, line => console.Error.WriteLine($"warning: {line}"));
        if (settings.Generate.OutputFile is { } output and not AnswerList.StandardOutput)
        {
            OutputFiles.Check("output_file", output);
        }

        StartTorch(settings.Answering.NumThreads);
        using CausalLanguageModel model = answering.Load();
        using GenerationEngines engines = Engines(model, answering.Sampling);
        if (loaded.IsChat)
        {
            new ChatSession(answering, engines, settings.Generate, console).Run();
            return ExitCode.Done;
        }

        using var stop = new StopSignals(_ => { });
        try
        {
            new AnswerList(answering, engines, settings, console, stop.Token).Write(prompts);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Received != ExitCode.Done)
        {
            return stop.Received;
        }
    }

    /// <summary>Everything that <c>proxima doctor</c> looks at.</summary>
    public static IReadOnlyList<Check> Checks() => [.. MachineChecks.All(), .. LibTorch.Inspect()];

    private static void StartTorch(int threads)
    {
        LibTorch.Load();
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
    }

    /// <summary>The engines that the settings ask for.</summary>
    internal static GenerationEngines Engines(CausalLanguageModel model, SamplingSettings sampling) => sampling.UseFusemt
        ? GenerationEngines.Fused(model, get_num_threads())
        : GenerationEngines.Plain(model);

    private static IRunDisplay Display(CommandConsole console) => console.IsTerminal
        ? new LiveRunDisplay(AnsiConsole.Console, TimeProvider.System)
        : new PlainRunDisplay(console.Output, TimeProvider.System);
}
