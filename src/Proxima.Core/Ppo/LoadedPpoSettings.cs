using Proxima.Core.Binding;
using Proxima.Core.Runs;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>Settings of <c>ppo</c> without a mistake, ready to be run.</summary>
public sealed record LoadedPpoSettings
{
    /// <summary>The settings, with "the critic's is the actor's" filled in.</summary>
    public required PpoCommandSettings Settings { get; init; }

    /// <summary>Names of the arguments that the user wrote in the file or on the command line.</summary>
    public required IReadOnlySet<string> Written { get; init; }

    /// <summary>The config file, if one was given.</summary>
    public required string? ConfigPath { get; init; }

    /// <summary>Lines to print: options that were changed and have no effect.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Lines to print: defaults that this version does not honour yet.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Files and folders that the settings name as inputs.</summary>
    public IReadOnlyList<string> Inputs =>
        [.. new[]
        {
            ConfigPath,
            Settings.Task.TrainTaskConfig,
            Settings.Task.EvalTaskConfig,
            Settings.Task.PtxTaskConfig.Length > 0 ? Settings.Task.PtxTaskConfig : null,
            Settings.Model.ActorModelNameOrPath,
            Settings.Model.RewardModelNameOrPath,
            Settings.Model.CriticModelNameOrPath,
            Settings.Reward.RewardLexicon,
            Settings.Reward.RewardServerTokenFile,
        }.OfType<string>()];

    /// <summary>
    /// Writes run_config.json. Left out are options without effect, and those that say how the folder was found rather than what is run.
    /// </summary>
    /// <param name="path">the file</param>
    /// <param name="effective">the settings with everything that was decided since, such as lengths that a model limits</param>
    public static void WriteRunConfig(string path, PpoCommandSettings effective)
    {
        string[] ofStart = ["overwrite_output_dir", "resume_from_checkpoint"];
        RunConfig.Write(path, effective, Inactive(effective).Concat(ofStart).ToHashSet());
    }

    /// <summary>Every setting that has an effect, as lines to print.</summary>
    public static IEnumerable<string> Lines(PpoCommandSettings effective)
    {
        HashSet<string> inactive = Inactive(effective);
        return ArgumentSchema.Of<PpoCommandSettings>().Arguments
            .Where(argument => !inactive.Contains(argument.Name))
            .Select(argument => $"{argument.Name} = {ArgumentDefinition.TextOf(argument.ValueIn(effective))}");
    }

    private static HashSet<string> Inactive(PpoCommandSettings settings) => [.. PpoInactiveOptions.Of(settings).Select(option => option.Key)];
}
