using Proxima.Cli.Ppo;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Dashboard.Terminal;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using Spectre.Console;
using static TorchSharp.torch;

namespace Proxima.Cli;

/// <summary>The only place that builds everything: settings in, running objects out.</summary>
internal static class Composition
{
    /// <summary>Builds a PPO run from its settings and runs it.</summary>
    public static ExitCode RunPpo(LoadedPpoSettings loaded, CommandConsole console)
    {
        PpoInputs inputs = PpoInputs.Load(loaded);
        StartTorch(loaded.Settings.Machine);
        using var models = new PpoModels(inputs.Settings.Model);
        using GenerationEngines engines = Engines(models.Actor, inputs.Settings.Sampling);
        using IRunDisplay display = Display(console);
        new PpoComposition(inputs, models, engines, display).Run();
        return ExitCode.Done;
    }

    /// <summary>Everything that <c>proxima doctor</c> looks at.</summary>
    public static IReadOnlyList<Check> Checks() => [.. MachineChecks.All(), .. LibTorch.Inspect()];

    private static void StartTorch(MachineSettings machine)
    {
        LibTorch.Load();
        set_num_threads(machine.NumThreads > 0 ? machine.NumThreads : Environment.ProcessorCount);
    }

    private static GenerationEngines Engines(CausalLanguageModel actor, SamplingSettings sampling) => sampling.UseFusemt
        ? GenerationEngines.Fused(actor, get_num_threads())
        : GenerationEngines.Plain(actor);

    private static IRunDisplay Display(CommandConsole console) => console.IsTerminal
        ? new LiveRunDisplay(AnsiConsole.Console, TimeProvider.System)
        : new PlainRunDisplay(console.Output, TimeProvider.System);
}
