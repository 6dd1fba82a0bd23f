using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Training.Rewards;

namespace Proxima.Cli.Comparing;

/// <summary><c>proxima compare RUN RUN … [--key value …]</c>: numbers, curves and win rates of runs side by side.</summary>
internal static class CompareCommand
{
    private const string Name = "compare";
    private const string Usage = "RUN RUN ... [--key value ...]";

    private const string Introduction = "Compares runs by their output folders: a table of their numbers and of the settings in which they differ; with report_file an HTML page with the "
        + "curves over each other too. With eval_task_config and a source of rewards the actors of the runs answer the same prompts, each compared with the first.";

    /// <summary>The command with the user's own reward functions.</summary>
    public static CommandDefinition Define(IReadOnlyDictionary<string, IRewardFunction> rewardFunctions) => new(
        Name, Usage, "compares runs: numbers, curves, win rates", [new CommandForm("", ArgumentSchema.Of<CompareCommandSettings>)], (words, console) => Run(words, console, rewardFunctions));

    private static ExitCode Run(
        IReadOnlyList<string> words, CommandConsole console, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<CompareCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        LoadedCompareSettings loaded = CompareSettingsLoader.Load(words, [.. rewardFunctions.Keys]);
        foreach (string warning in loaded.Warnings)
        {
            console.Error.WriteLine($"warning: {warning}");
        }

        return Composition.RunCompare(loaded, rewardFunctions, console);
    }
}
