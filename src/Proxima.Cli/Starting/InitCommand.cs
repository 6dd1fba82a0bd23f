using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Cli.Starting;

/// <summary><c>proxima init [--key value …]</c>: a commented config and task files for the user's model and data.</summary>
internal static class InitCommand
{
    private const string Name = "init";
    private const string Usage = "[--key value ...]";

    private const string Introduction = "Writes a commented config, the task files of your data and a JSON Schema for your editor, with lengths and batches that fit your model and data. "
        + "What is not given is asked for on a terminal. Nothing that is there is overwritten.";

    public static CommandDefinition Definition { get; } = new(
        Name, Usage, "writes a config for your model and data", [new CommandForm("", ArgumentSchema.Of<InitCommandSettings>)], Run);

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<InitCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        const string Command = $"proxima {Name}";
        (BoundSettings<InitCommandSettings> bound, IReadOnlyList<string> strays) = new SettingsBinder<InitCommandSettings>(Command).BindWithoutConfig(words);
        SettingsError[] errors = [.. bound.Errors, .. strays.Select(word => new SettingsError("(no key)", word, "command line", "--key value pairs", "Put a key before it."))];
        if (errors.Length > 0)
        {
            throw SettingsError.ToException(Command, errors);
        }

        InitSettings settings = console.IsTerminal ? new InitQuestions(console).Complete(bound.Settings.Init) : bound.Settings.Init;
        List<SettingsError> missing = Missing(settings);
        if (missing.Count > 0)
        {
            throw SettingsError.ToException(Command, missing);
        }

        string config = new InitFiles(settings).Write();
        console.Output.WriteLine($"{config}: a config of {InitFiles.CommandOf(settings)}, with its task files and {InitFiles.SchemaName(settings)} beside it");
        console.Output.WriteLine($"next: look at it, then proxima {InitFiles.CommandOf(settings)} {config}");
        return ExitCode.Done;
    }

    private static List<SettingsError> Missing(InitSettings settings)
    {
        List<SettingsError> errors = [];
        void Require(bool isThere, string key, string expected)
        {
            if (!isThere)
            {
                errors.Add(new SettingsError(key, "none", "default", expected, $"Give --{key}."));
            }
        }

        Require(settings.ModelNameOrPath is not null, "model_name_or_path", "the folder of the model to train");
        Require(settings.TrainFiles is not null, "train_files", "one or more data files");
        string?[] sources = [settings.RewardModelNameOrPath, settings.RewardServer, settings.RewardFunction];
        int count = sources.Count(source => source is not null);
        if (settings.Stage is null or InitStage.Ppo)
        {
            Require(count == 1, "reward_model_name_or_path", "exactly one of reward_model_name_or_path, reward_server and reward_function");
        }
        else if (count > 0)
        {
            errors.Add(new SettingsError("stage", InitFiles.CommandOf(settings), "command line", "no source of rewards, which is for ppo", "Leave it out."));
        }

        return errors;
    }
}
