using Proxima.Cli.Runs;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Training.Rewards;

namespace Proxima.Cli;

/// <summary><c>proxima ppo CONFIG.json [--key value …]</c>.</summary>
internal static class PpoCommand
{
    /// <summary>The command with the user's own reward functions.</summary>
    public static CommandDefinition Define(IReadOnlyDictionary<string, IRewardFunction> rewardFunctions) => new SettingsCommand<PpoCommandSettings>(
        "ppo",
        "trains an actor with PPO, or evaluates one",
        "Rolls out answers to prompts, scores them, and improves the actor with PPO.",
        words => PpoSettingsLoader.Load(words, [.. rewardFunctions.Keys]),
        (loaded, console) => Composition.RunPpo(loaded, rewardFunctions, console)).Definition;
}
