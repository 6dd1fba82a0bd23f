using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Training.Rewards;

namespace Proxima.Cli.Answers;

/// <summary><c>proxima eval [CONFIG.json] --model_name_or_path DIR --eval_task_config TASK.json [--key value …]</c>.</summary>
internal static class EvalCommand
{
    private const string Name = "eval";
    private const string Usage = "[CONFIG.json] --model_name_or_path DIR --eval_task_config TASK.json [--key value ...]";

    private const string Introduction = "Answers the prompts of a task and scores the answers with a reward model, a reward server or reward functions; with "
        + "compare_model_name_or_path a second model answers the same prompts, and the two are compared answer by answer. temperature 0 takes the likeliest token always.";

    /// <summary>The command with the user's own reward functions.</summary>
    public static CommandDefinition Define(IReadOnlyDictionary<string, IRewardFunction> rewardFunctions) => new(
        Name, "--model_name_or_path DIR --key value ...", "scores a model's answers, or compares two models", [new CommandForm("", ArgumentSchema.Of<EvalCommandSettings>)], (words, console) => Run(words, console, rewardFunctions));

    private static ExitCode Run(
        IReadOnlyList<string> words, CommandConsole console, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<EvalCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        LoadedEvalSettings loaded = EvalSettingsLoader.Load(words, [.. rewardFunctions.Keys]);
        foreach (string warning in loaded.Warnings)
        {
            console.Error.WriteLine($"warning: {warning}");
        }

        return Composition.RunEval(loaded, rewardFunctions, console);
    }
}
