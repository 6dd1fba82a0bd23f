using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Training.Rewards;

namespace Proxima.Cli;

/// <summary><c>proxima ppo CONFIG.json [--key value …]</c>.</summary>
internal static class PpoCommand
{
    private const string Usage = "CONFIG.json [--key value ...]";

    private const string Introduction = "Rolls out answers to prompts, scores them, and improves the actor with PPO. CONFIG.json is a flat JSON object of the "
        + "arguments below, with // comments; --key value (or --key=value) behind it wins over the file, and a later one over an earlier. "
        + "Booleans are true, false, 1 or 0; 'none' (null in the file) switches off what can be none; lists have commas between.";

    /// <summary>The command with the user's own reward functions.</summary>
    public static CommandDefinition Define(IReadOnlyDictionary<string, IRewardFunction> rewardFunctions) => new(
        "ppo", Usage, "trains an actor with PPO, or evaluates one", (words, console) => Run(words, console, rewardFunctions));

    private static ExitCode Run(
        IReadOnlyList<string> words, CommandConsole console, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print("ppo", Usage, Introduction, ArgumentSchema.Of<PpoCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        if (words.Count == 0)
        {
            console.Error.WriteLine($"Usage: proxima ppo {Usage}\nproxima ppo --help lists all arguments.");
            return ExitCode.Usage;
        }

        LoadedPpoSettings loaded = PpoSettingsLoader.Load(words, [.. rewardFunctions.Keys]);
        foreach (string warning in loaded.Warnings)
        {
            console.Error.WriteLine($"warning: {warning}");
        }

        foreach (string note in loaded.Notes)
        {
            console.Output.WriteLine($"note: {note}");
        }

        return Composition.RunPpo(loaded, rewardFunctions, console);
    }
}
