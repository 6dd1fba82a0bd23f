using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Core.DataFiles;

/// <summary>From the words of <c>proxima data check</c> and <c>proxima data convert</c> to settings without a mistake.</summary>
public static class DataSettingsLoader
{
    private const string CheckCommand = "proxima data check";
    private const string ConvertCommand = "proxima data convert";

    /// <summary>Binds and validates <c>FILE … [--key value …]</c>.</summary>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static (DataCheckSettings Settings, IReadOnlyList<string> Files) LoadCheck(IReadOnlyList<string> words)
    {
        (BoundSettings<DataCheckCommandSettings> bound, IReadOnlyList<string> files) =
            new SettingsBinder<DataCheckCommandSettings>(CheckCommand).BindWithoutConfig(words);
        DataCheckSettings settings = bound.Settings.Check;
        SettingsChecks<DataCheckCommandSettings> checks = new(bound);
        checks.Require(
            settings.ModelNameOrPath is not null || (settings.MaxPromptLen is null && settings.MaxSeqLen is null),
            ["model_name_or_path"], "a model, since lengths in tokens are given", "Give the folder of the model that will read the data.");
        checks.Require(
            settings.MaxPromptLen is null || settings.Kind is DataKind.Auto or DataKind.Ppo,
            ["max_prompt_len", "kind"], "max_seq_len instead for this kind", "Prompts alone are limited by max_prompt_len.");
        checks.Require(
            settings.MaxSeqLen is null || settings.Kind is not DataKind.Ppo,
            ["max_seq_len", "kind"], "max_prompt_len instead for this kind", "Prompts alone are limited by max_prompt_len.");
        ThrowIfWrong(CheckCommand, [.. bound.Errors, .. checks.Errors]);
        RequireFiles(CheckCommand, files, "TASK.json, or data files .jsonl or .jsonl.gz");
        return (settings, files);
    }

    /// <summary>Binds and validates <c>FILE … --output_file OUT.jsonl [--key value …]</c>.</summary>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static (DataConvertSettings Settings, IReadOnlyList<string> Files) LoadConvert(IReadOnlyList<string> words)
    {
        (BoundSettings<DataConvertCommandSettings> bound, IReadOnlyList<string> files) =
            new SettingsBinder<DataConvertCommandSettings>(ConvertCommand).BindWithoutConfig(words);
        DataConvertSettings settings = bound.Settings.Convert;
        SettingsChecks<DataConvertCommandSettings> checks = new(bound);
        checks.Require(
            settings.OutputFile?.EndsWith(".jsonl", StringComparison.Ordinal) ?? false, ["output_file"], "a path that ends in .jsonl", "Say where the converted lines go.");
        checks.Require(
            settings.OutputFile is null || files.All(file => Path.GetFullPath(file) != Path.GetFullPath(settings.OutputFile)),
            ["output_file"], "another file than the input", "It would take the place of the input; give another path.");
        ThrowIfWrong(ConvertCommand, [.. bound.Errors, .. checks.Errors]);
        RequireFiles(ConvertCommand, files, "one or more files .jsonl, .jsonl.gz or .parquet");
        return (settings, files);
    }

    private static void ThrowIfWrong(string command, SettingsError[] errors)
    {
        if (errors.Length > 0)
        {
            throw SettingsError.ToException(command, errors);
        }
    }

    private static void RequireFiles(string command, IReadOnlyList<string> files, string expected)
    {
        if (files.Count == 0)
        {
            throw new ProximaException(ExitCode.Usage, $"{command} was given no file. Expected {expected}; see {command} --help.");
        }
    }
}
