using Proxima.Cli.Runs;
using Proxima.Core.Settings;
using Proxima.Core.Stages;

namespace Proxima.Cli;

/// <summary><c>proxima sft</c> and <c>proxima reward</c>, the stages before PPO.</summary>
internal static class StageCommands
{
    public static CommandDefinition Sft { get; } = new SettingsCommand<SftCommandSettings>(
        "sft",
        "fine-tunes a model on dialogues, or trains one from scratch",
        "Learns the replies of dialogues (src and tgt of equal length) by supervised fine-tuning, from a model or from scratch. A step is one optimizer step.",
        StageSettingsLoader.LoadSft,
        Composition.RunSft).Definition;

    public static CommandDefinition Reward { get; } = new SettingsCommand<RewardCommandSettings>(
        "reward",
        "trains a reward model on ranked responses",
        "Learns to score responses from lines that rank some (src, tgt, response, sort), over all pairs of a line. A step is one optimizer step.",
        StageSettingsLoader.LoadReward,
        Composition.RunReward).Definition;
}
