using Proxima.Core.Binding;
using Proxima.Core.Runs;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>From the words of a command line to settings without a mistake.</summary>
public static class PpoSettingsLoader
{
    private const string Command = "proxima ppo";

    /// <summary>Binds, applies the preset and validates <c>[CONFIG.json] [--key value …]</c>.</summary>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedSettings<PpoCommandSettings> Load(IReadOnlyList<string> words) => Load(words, []);

    /// <summary>The same, with reward functions of the user's own.</summary>
    /// <param name="words">the words behind the command</param>
    /// <param name="ownRewardFunctions">their names</param>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedSettings<PpoCommandSettings> Load(IReadOnlyList<string> words, IReadOnlyCollection<string> ownRewardFunctions)
    {
        SettingsBinder<PpoCommandSettings> binder = new(Command, settings => PpoPresets.DefaultsOf(settings.Ppo.Preset));
        BoundSettings<PpoCommandSettings> bound = binder.Bind(words);
        ValidationResult result = PpoSettingsValidator.Validate(bound, ownRewardFunctions);
        if (result.Errors.Count > 0)
        {
            throw SettingsError.ToException(Command, result.Errors);
        }

        return new LoadedSettings<PpoCommandSettings>
        {
            Settings = WithActorsValues(bound.Settings),
            Written = bound.Written,
            Inputs = [.. Inputs(bound).OfType<string>()],
            Warnings = result.Warnings,
        };
    }

    /// <summary>
    /// Writes run_config.json. Left out are options without effect, and those that say how the folder was found rather than what is run.
    /// </summary>
    /// <param name="path">the file</param>
    /// <param name="effective">the settings with everything that was decided since, such as lengths that a model limits</param>
    public static void WriteRunConfig(string path, PpoCommandSettings effective) =>
        RunConfig.Write(path, effective, PpoInactiveOptions.Of(effective).Select(option => option.Key));

    private static IEnumerable<string?> Inputs(BoundSettings<PpoCommandSettings> bound)
    {
        PpoCommandSettings settings = bound.Settings;
        return
        [
            bound.ConfigPath,
            settings.Task.TrainTaskConfig,
            settings.Task.EvalTaskConfig,
            settings.Task.PtxTaskConfig.Length > 0 ? settings.Task.PtxTaskConfig : null,
            settings.Model.ActorModelNameOrPath,
            settings.Model.RewardModelNameOrPath,
            settings.Model.CriticModelNameOrPath,
            settings.Reward.RewardLexicon,
            settings.Reward.RewardServerTokenFile,
        ];
    }

    /// <summary>Fills in what the critic takes from the actor.</summary>
    private static PpoCommandSettings WithActorsValues(PpoCommandSettings settings) => settings with
    {
        Optimizer = settings.Optimizer with
        {
            CriticLearningRate = settings.Optimizer.CriticLearningRate ?? settings.Optimizer.LearningRate,
            CriticWarmupRatio = settings.Optimizer.CriticWarmupRatio ?? settings.Optimizer.WarmupRatio,
        },
        Machine = settings.Machine with
        {
            CriticRecompute = settings.Machine.CriticRecompute ?? settings.Machine.Recompute,
        },
    };
}
