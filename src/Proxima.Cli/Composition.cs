using Proxima.Cli.Ppo;
using Proxima.Cli.Stages;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Dashboard.Terminal;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training.Preferences;
using Proxima.Training.Rewards;
using Spectre.Console;
using static TorchSharp.torch;

namespace Proxima.Cli;

/// <summary>The only place that builds everything: settings in, running objects out.</summary>
internal static class Composition
{
    /// <summary>Builds a PPO run from its settings and runs it.</summary>
    public static ExitCode RunPpo(
        LoadedSettings<PpoCommandSettings> loaded, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CommandConsole console)
    {
        PpoInputs inputs = PpoInputs.Load(loaded);
        StartTorch(loaded.Settings.Machine);
        using var models = new PpoModels(inputs.Settings.Model);
        using GenerationEngines engines = Engines(models.Actor, inputs.Settings.Sampling);
        using IRunDisplay display = Display(console);
        using var stop = new StopSignals(display);
        using var rewards = new PpoRewards(inputs, models.Reward, rewardFunctions, stop.Token);
        return new PpoComposition(inputs, models, engines, rewards, stop, display).Run();
    }

    /// <summary>Runs supervised fine-tuning.</summary>
    public static ExitCode RunSft(LoadedSettings<SftCommandSettings> loaded, CommandConsole console) => RunStage(
        StageInputs<SftCommandSettings>.Load(loaded, DialogueKind.Supervised, (settings, data) => settings with { Data = data }),
        IStage<EncodedExample> (inputs) => new SftStage(inputs),
        console);

    /// <summary>Trains a reward model.</summary>
    public static ExitCode RunReward(LoadedSettings<RewardCommandSettings> loaded, CommandConsole console) => RunStage(
        StageInputs<RewardCommandSettings>.Load(loaded, DialogueKind.Preference, (settings, data) => settings with { Data = data }),
        IStage<RankedResponses> (inputs) => new RewardStage(inputs),
        console);

    /// <summary>Everything that <c>proxima doctor</c> looks at.</summary>
    public static IReadOnlyList<Check> Checks() => [.. MachineChecks.All(), .. LibTorch.Inspect()];

    private static ExitCode RunStage<TRoot, TExample>(
        StageInputs<TRoot> inputs, Func<StageInputs<TRoot>, IStage<TExample>> load, CommandConsole console)
        where TRoot : class, IStageSettings
    {
        StartTorch(inputs.Settings.Machine);
        using IStage<TExample> stage = load(inputs);
        using IRunDisplay display = Display(console);
        using var stop = new StopSignals(display);
        return new StageComposition<TRoot, TExample>(inputs, stage, stop, display).Run();
    }

    private static void StartTorch(MachineSettings machine)
    {
        LibTorch.Load();
        set_num_threads(machine.NumThreads > 0 ? machine.NumThreads : Environment.ProcessorCount);
    }

    /// <summary>The engines that the settings ask for.</summary>
    internal static GenerationEngines Engines(CausalLanguageModel model, SamplingSettings sampling) => sampling.UseFusemt
        ? GenerationEngines.Fused(model, get_num_threads())
        : GenerationEngines.Plain(model);

    private static IRunDisplay Display(CommandConsole console) => console.IsTerminal
        ? new LiveRunDisplay(AnsiConsole.Console, TimeProvider.System)
        : new PlainRunDisplay(console.Output, TimeProvider.System);
}
