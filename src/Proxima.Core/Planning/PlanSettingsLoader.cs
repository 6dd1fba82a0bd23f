using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Core.Planning;

/// <summary>From the words of <c>proxima plan</c> to its own settings, and the words of the run that is planned.</summary>
public static class PlanSettingsLoader
{
    private const string Command = "proxima plan";
    private const string Prefix = "--";
    private static readonly string[] Booleans = ["true", "false", "1", "0"];
    private static readonly string[] KeysOfOtherStages = ["model_name_or_path", "init_from_config"];

    /// <summary>Takes out what belongs to the plan; <c>--json</c> may stand without a value.</summary>
    /// <param name="words">the words behind the command</param>
    /// <returns>its settings, and all other words in their order</returns>
    /// <exception cref="ProximaException">a value is wrong, or the run is none of <c>ppo</c></exception>
    public static (PlanSettings Plan, IReadOnlyList<string> RunWords) Load(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentSchema schema = ArgumentSchema.Of<PlanCommandSettings>();
        List<string> own = [];
        List<string> others = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            ArgumentDefinition? argument = word.StartsWith(Prefix, StringComparison.Ordinal) ? schema.Find(word[Prefix.Length..].Split('=')[0]) : null;
            (argument is null ? others : own).Add(word);
            bool isWhole = argument is null || word.Contains('=', StringComparison.Ordinal);
            string? next = i + 1 < words.Count ? words[i + 1] : null;
            if (isWhole)
            {
                continue;
            }

            if (argument!.ValueType == typeof(bool) && !Booleans.Contains(next))
            {
                own.Add("true");
            }
            else if (next is not null)
            {
                own.Add(next);
                i++;
            }
        }

        BoundSettings<PlanCommandSettings> bound = new SettingsBinder<PlanCommandSettings>(Command).Bind(own);
        if (bound.Errors.Count > 0)
        {
            throw SettingsError.ToException(Command, bound.Errors);
        }

        RequirePpo(others);
        return (bound.Settings.Plan, others);
    }

    private static void RequirePpo(List<string> words)
    {
        (IReadOnlyList<string> freeWords, IReadOnlyList<WrittenValue> values) = CommandLineReader.Read(words);
        string? path = freeWords.FirstOrDefault(word => !word.StartsWith('-'));
        string[] keys = [.. (path is null ? [] : SettingsFileReader.Read(path).Values).Concat(values).Select(value => value.Key)];
        if (KeysOfOtherStages.FirstOrDefault(keys.Contains) is { } key)
        {
            throw new ProximaException(
                ExitCode.Usage, $"{key} is an argument of sft and reward, and plan knows the runs of ppo alone. Expected a config with actor_model_name_or_path.");
        }
    }
}
