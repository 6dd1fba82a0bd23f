using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>From the words of <c>proxima generate</c> to settings without a mistake.</summary>
public static class GenerateSettingsLoader
{
    private const string Command = "proxima generate";

    /// <summary>Binds and validates <c>[CONFIG.json] [--key value …] [PROMPT …]</c>.</summary>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedGenerateSettings Load(IReadOnlyList<string> words)
    {
        (BoundSettings<GenerateCommandSettings> bound, IReadOnlyList<string> prompts) =
            new SettingsBinder<GenerateCommandSettings>(Command).BindWithTexts(words);
        GenerateCommandSettings settings = bound.Settings;
        var loaded = new LoadedGenerateSettings
        {
            Settings = settings,
            Prompts = prompts,
            Written = bound.Written,
            Warnings = [.. Warnings(bound, prompts)],
        };
        SettingsChecks<GenerateCommandSettings> checks = new(bound);
        AnsweringChecks.Require(checks, settings.Answering, settings.Sampling);
        GenerateSettings generate = settings.Generate;
        checks.Require(
            generate.PromptsFile is null || prompts.Count == 0,
            ["prompts_file"], $"none, since {prompts.Count} prompts stand on the command line", "Leave one of them out.");
        checks.Require(
            prompts.All(prompt => prompt.Length > 0), ["prompts_file"], "no empty prompt on the command line", "Write the prompt, or leave the empty word out.");
        checks.Require(
            !loaded.IsChat || generate.OutputFile is null, ["output_file"], "none in a chat", "Give prompts or prompts_file, or leave output_file out.");
        checks.Require(
            !loaded.IsChat || settings.Sampling.NumReturnSequences == 1,
            ["num_return_sequences"], "1 in a chat", "Give prompts or prompts_file, or leave it out.");
        checks.Require(
            generate.OutputFile is null || generate.PromptsFile is null || Path.GetFullPath(generate.OutputFile) != Path.GetFullPath(generate.PromptsFile),
            ["output_file", "prompts_file"], "two different files", "The answers would take the place of the prompts; give another output_file.");
        SettingsError[] errors = [.. bound.Errors, .. checks.Errors];
        return errors.Length == 0 ? loaded : throw SettingsError.ToException(Command, errors);
    }

    private static IEnumerable<string> Warnings(BoundSettings<GenerateCommandSettings> bound, IReadOnlyList<string> prompts)
    {
        GenerateCommandSettings settings = bound.Settings;
        List<(string Key, bool IsInactive, string Because)> options =
        [
            .. SamplingChecks.InactiveOptions(settings.Sampling),
            ("seed", settings.Sampling.Temperature == 0, SamplingChecks.GreedyReason),
            ("skip_invalid_data", settings.Generate.PromptsFile is null, "prompts_file is not given"),
            ("per_device_eval_batch_size", settings.Generate.PromptsFile is null && prompts.Count == 0, "a chat has one prompt at a time"),
        ];
        return options
            .Where(option => option.IsInactive && bound.DiffersFromDefault(option.Key))
            .Select(option => $"{option.Key} = {bound.TextOf(option.Key)} has no effect: {option.Because}.");
    }
}
