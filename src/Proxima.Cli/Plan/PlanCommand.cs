using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Planning;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Training.Rewards;

namespace Proxima.Cli.Plan;

/// <summary><c>proxima plan CONFIG.json [--key value …] [--json] [--ranks N]</c>.</summary>
internal static class PlanCommand
{
    private const string Name = "plan";
    private const string Usage = "CONFIG.json [--key value ...] [--json] [--ranks N]";

    private const string Introduction = "Predicts the memory of each phase of a PPO run, its operations and time, its batches, and the disk it fills. Takes every argument "
        + "of ppo (see proxima ppo --help) and those below. Trains nothing and reads no weights: it measures a few layers of the models' shapes for some "
        + "seconds. Ends with 2 when the run cannot fit, and says what would make it fit.";

    /// <summary>The command with the user's own reward functions.</summary>
    public static CommandDefinition Define(IReadOnlyDictionary<string, IRewardFunction> rewardFunctions) => new(
        Name, "CONFIG.json [--key value ...]", "predicts memory, time and disk of a PPO run", [new CommandForm("", ArgumentSchema.Of<PlannedRunSettings>)], (words, console) => Run(words, console, rewardFunctions));

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<PlanCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        if (words.Count == 0)
        {
            console.Error.WriteLine($"Usage: proxima {Name} {Usage}\nproxima {Name} --help lists its arguments.");
            return ExitCode.Usage;
        }

        (PlanSettings plan, IReadOnlyList<string> runWords) = PlanSettingsLoader.Load(words);
        LoadedSettings<PpoCommandSettings> loaded = PpoSettingsLoader.Load(runWords, [.. rewardFunctions.Keys]);
        foreach (string warning in loaded.Warnings)
        {
            console.Error.WriteLine($"warning: {warning}");
        }

        return Composition.RunPlan(loaded, plan, console);
    }
}
