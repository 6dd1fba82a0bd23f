using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>From the words of <c>proxima eval</c> to settings without a mistake.</summary>
public static class EvalSettingsLoader
{
    private const string Command = "proxima eval";

    /// <summary>Binds and validates <c>[CONFIG.json] [--key value …]</c>.</summary>
    /// <param name="words">the words behind the command</param>
    /// <param name="ownRewardFunctions">names of the user's own reward functions</param>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedEvalSettings Load(IReadOnlyList<string> words, IReadOnlyCollection<string> ownRewardFunctions)
    {
        BoundSettings<EvalCommandSettings> bound = new SettingsBinder<EvalCommandSettings>(Command).Bind(words);
        EvalCommandSettings settings = bound.Settings;
        SettingsChecks<EvalCommandSettings> checks = new(bound);
        AnsweringChecks.Require(checks, settings.Answering, settings.Sampling);
        checks.Require(settings.Eval.EvalTaskConfig is not null, ["eval_task_config"], "a task file with the prompts", "Give its path.");
        var rewards = new RewardChecks<EvalCommandSettings>(checks, settings.Reward, ownRewardFunctions);
        rewards.RequireSource(settings.Eval.RewardModelNameOrPath, "Give one of them and leave the others out.");
        rewards.RequireFunctions(evaluates: true);
        SettingsError[] errors = [.. bound.Errors, .. checks.Errors];
        if (errors.Length > 0)
        {
            throw SettingsError.ToException(Command, errors);
        }

        (string Key, bool IsInactive, string Because)[] options =
        [
            .. SamplingChecks.InactiveOptions(settings.Sampling),
            ("eval_seed", settings.Sampling.Temperature == 0, SamplingChecks.GreedyReason),
            .. RewardChecks<EvalCommandSettings>.InactiveOptions(settings.Reward),
        ];
        return new LoadedEvalSettings
        {
            Settings = settings,
            Written = bound.Written,
            Warnings = AnsweringChecks.Warnings(bound, options),
        };
    }
}
