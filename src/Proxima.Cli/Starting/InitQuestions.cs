using Proxima.Core;
using Proxima.Core.Settings;

namespace Proxima.Cli.Starting;

/// <summary>Asks on a terminal for what <c>init</c> was not told. An empty answer takes what stands in brackets.</summary>
internal sealed class InitQuestions(CommandConsole console)
{
    /// <summary>The settings with the answers.</summary>
    /// <exception cref="ProximaException">the input ended, or an answer names nothing that there is</exception>
    public InitSettings Complete(InitSettings given)
    {
        InitSettings settings = given;
        if (settings.Stage is null && !HasReward(settings))
        {
            settings = settings with { Stage = Choose("What is to be trained: ppo, sft (fine-tuning) or reward (a reward model)?", ["ppo", "sft", "reward"], "ppo") };
        }

        settings = settings with
        {
            ModelNameOrPath = settings.ModelNameOrPath ?? Ask("Folder of the model to train (a Hugging Face folder)?", Directory.Exists, "there is no such folder"),
            TrainFiles = settings.TrainFiles ?? Files(Ask("Data file to train on (.jsonl, .jsonl.gz; several with commas between)?", AllExist, "there is no such file")),
        };
        if (given.TrainFiles is null && settings.EvalFiles is null)
        {
            string answer = Ask("Data file to evaluate on? [none]", text => text.Length == 0 || AllExist(text), "there is no such file");
            settings = answer.Length == 0 ? settings : settings with { EvalFiles = Files(answer) };
        }

        return settings.Stage is null or InitStage.Ppo && !HasReward(settings) ? WithReward(settings) : settings;
    }

    private InitSettings WithReward(InitSettings settings)
    {
        string answer = Ask(
            "Where do rewards come from: the folder of a reward model, the address of a reward server, or a function such as exact_answer?",
            text => text.Length > 0,
            "one of them is needed");
        return Directory.Exists(answer) ? settings with { RewardModelNameOrPath = answer }
            : answer.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? settings with { RewardServer = answer }
            : settings with { RewardFunction = answer };
    }

    private InitStage Choose(string question, string[] choices, string otherwise)
    {
        string answer = Ask($"{question} [{otherwise}]", text => text.Length == 0 || choices.Contains(text), $"expected {string.Join(", ", choices)}");
        return Enum.Parse<InitStage>(answer.Length == 0 ? otherwise : answer, ignoreCase: true);
    }

    /// <summary>Asks until an answer is right.</summary>
    private string Ask(string question, Func<string, bool> isRight, string reproach)
    {
        while (true)
        {
            console.Output.Write($"{question} ");
            string answer = console.Input.ReadLine()?.Trim()
                ?? throw new ProximaException(ExitCode.Usage, "the input ended before all was answered. Answer the questions, or give the arguments that proxima init --help lists.");
            if (isRight(answer))
            {
                return answer;
            }

            console.Output.WriteLine($"  {answer}: {reproach}.");
        }
    }

    private static bool HasReward(InitSettings settings) => (settings.RewardModelNameOrPath ?? settings.RewardServer ?? settings.RewardFunction) is not null;

    private static bool AllExist(string paths) => Files(paths).All(File.Exists);

    private static string[] Files(string paths) => paths.Split(',', StringSplitOptions.TrimEntries);
}
