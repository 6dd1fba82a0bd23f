using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Import;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Cli.Starting;

/// <summary><c>proxima import-config FILE --from TRAINER --output_file CONFIG.json</c>: takes over the arguments of another trainer.</summary>
internal static class ImportConfigCommand
{
    private const string Name = "import-config";
    private const string Usage = "FILE --from trl|openrlhf|paddlenlp --output_file CONFIG.json";

    private const string Rules = "--rules"; // prints the tables of docs/migration.md

    private const string Introduction = "Writes a config of ppo from the arguments of another trainer. FILE is a JSON object, flat YAML, or a script with --key value. Defaults of the "
        + "other trainer that differ are written down, and what has no counterpart is listed with what there is instead (docs/migration.md).";

    public static CommandDefinition Definition { get; } = new(
        Name, Usage, "writes a config from the arguments of TRL, OpenRLHF or PaddleNLP", [new CommandForm("", ArgumentSchema.Of<ImportCommandSettings>)], Run);

    private static ExitCode Run(IReadOnlyList<string> words, CommandConsole console)
    {
        if (words.Contains(Rules))
        {
            console.Output.Write(string.Join('\n', ConfigImport.Trainers.Values.Select(ConfigImport.Markdown)));
            return ExitCode.Done;
        }

        if (CommandHelp.IsAskedFor(words))
        {
            CommandHelp.Print(Name, Usage, Introduction, ArgumentSchema.Of<ImportCommandSettings>(), words, console);
            return ExitCode.Done;
        }

        const string Command = $"proxima {Name}";
        (BoundSettings<ImportCommandSettings> bound, IReadOnlyList<string> files) = new SettingsBinder<ImportCommandSettings>(Command).BindWithoutConfig(words);
        ImportSettings settings = bound.Settings.Import;
        List<SettingsError> errors = [.. bound.Errors];
        if (settings.From is null && !bound.Failed.Contains("from"))
        {
            errors.Add(new SettingsError("from", "none", "default", "trl, openrlhf or paddlenlp", "Say whose arguments the file holds."));
        }

        if (settings.OutputFile?.EndsWith(".json", StringComparison.Ordinal) != true && !bound.Failed.Contains("output_file"))
        {
            errors.Add(new SettingsError("output_file", settings.OutputFile ?? "none", bound.OriginOf("output_file"), "a path that ends in .json", "Say where the config goes."));
        }

        if (errors.Count > 0)
        {
            throw SettingsError.ToException(Command, errors);
        }

        if (files.Count != 1)
        {
            throw new ProximaException(ExitCode.Usage, $"{Command} takes one file, {files.Count} were given. Run: {Command} {Usage}");
        }

        Write(files[0], settings.From!.Value, settings.OutputFile!, console);
        return ExitCode.Done;
    }

    private static void Write(string file, ImportSource from, string path, CommandConsole console)
    {
        ForeignTrainer trainer = ConfigImport.Trainers[from];
        ConfigImport import = ConfigImport.Of(trainer, ForeignConfigReader.Read(file));
        NewFiles.Require([path]);
        import.Config.Header.Add($"Taken over from {file}, arguments of {trainer.Name}. docs/migration.md tells how; docs/configuration.md explains every argument.");
        if (import.LeftOut.Count > 0)
        {
            import.Config.Header.Add("Without a counterpart:");
            foreach (string line in import.LeftOut)
            {
                import.Config.Header.Add($"  {line}");
            }
        }

        NewFiles.Write("output_file", path, import.Config.ToText());
        console.Output.WriteLine($"{path}: a config of ppo with what {trainer.Name}'s arguments in {file} say");
        if (import.LeftOut.Count > 0)
        {
            console.Output.WriteLine($"without a counterpart:\n  {string.Join("\n  ", import.LeftOut)}");
        }

        console.Output.WriteLine(Remaining(path) is { } mistakes
            ? $"to be settled before it runs:\n{mistakes}"
            : $"next: check the paths in it, then proxima ppo {path}");
    }

    /// <summary>What <c>ppo</c> would say of the config; null when nothing.</summary>
    private static string? Remaining(string path)
    {
        try
        {
            PpoSettingsLoader.Load([path]);
            return null;
        }
        catch (ProximaException exception) when (exception.ExitCode == ExitCode.Usage)
        {
            return string.Join('\n', exception.Message.Split('\n').Skip(1));
        }
    }
}
