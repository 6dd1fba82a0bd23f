using Proxima.Cli.Ppo;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Dashboard.Terminal;
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
        PpoInputs inputs = PpoKernel.OfCheckpoint(PpoInputs.Load(loaded));
        if (inputs.Settings.Sampling.UseFusemt)
        {
            ComputeKernels.Require(inputs.Settings.Machine.ComputeKernel);
        }

        StartTorch(loaded.Settings.Machine);
        using var models = new PpoModels(inputs.Settings.Model);
        using GenerationEngines engines = Engines(models.Actor, inputs.Settings);
        inputs = PpoKernel.With(inputs, engines.Kernel);
        using IRunDisplay display = Display(console);
        using var stop = new StopSignals(display);
        using var rewards = new PpoRewards(inputs, models.Reward, rewardFunctions, stop.Token);
        return new PpoComposition(inputs, models, engines, rewards, stop, display).Run();
    }

    /// <summary>Everything that <c>proxima doctor</c> looks at.</summary>
    public static IReadOnlyList<Check> Checks() => [.. MachineChecks.All(), .. LibTorch.Inspect(), ComputeKernels.Inspect()];

    private static void StartTorch(MachineSettings machine)
    {
        LibTorch.Load();
        set_num_threads(machine.NumThreads > 0 ? machine.NumThreads : Environment.ProcessorCount);
    }

    /// <summary>The engines that the settings ask for.</summary>
    internal static GenerationEngines Engines(CausalLanguageModel model, PpoCommandSettings settings) => settings.Sampling.UseFusemt
        ? GenerationEngines.Fused(model, get_num_threads(), settings.Machine.ComputeKernel, settings.Machine.Precision)
        : GenerationEngines.Plain(model);

    private static IRunDisplay Display(CommandConsole console) => console.IsTerminal
        ? new LiveRunDisplay(AnsiConsole.Console, TimeProvider.System)
        : new PlainRunDisplay(console.Output, TimeProvider.System);
}
