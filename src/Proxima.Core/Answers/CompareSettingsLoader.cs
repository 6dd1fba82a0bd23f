using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Runs;
using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>From the words of <c>proxima compare</c> to settings without a mistake.</summary>
public static class CompareSettingsLoader
{
    private const string Command = "proxima compare";

    /// <summary>Binds and validates <c>RUN RUN … [--key value …]</c>.</summary>
    /// <param name="words">the words behind the command</param>
    /// <param name="ownRewardFunctions">names of the user's own reward functions</param>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedCompareSettings Load(IReadOnlyList<string> words, IReadOnlyCollection<string> ownRewardFunctions)
    {
        (BoundSettings<CompareCommandSettings> bound, IReadOnlyList<string> runs) = new SettingsBinder<CompareCommandSettings>(Command).BindWithoutConfig(words);
        CompareCommandSettings settings = bound.Settings;
        SettingsChecks<CompareCommandSettings> checks = new(bound);
        bool evaluates = settings.Eval.EvalTaskConfig is not null;
        checks.Require(
            settings.Compare.ReportFile?.EndsWith(".html", StringComparison.OrdinalIgnoreCase) ?? true, ["report_file"], "a path that ends in .html", "Correct it, or leave it out.");
        if (evaluates)
        {
            SamplingChecks.Require(checks, settings.Sampling);
            var rewards = new RewardChecks<CompareCommandSettings>(checks, settings.Reward, ownRewardFunctions);
            rewards.RequireSource(settings.Eval.RewardModelNameOrPath, "Give one of them and leave the others out.");
            rewards.RequireFunctions(evaluates: true);
        }

        SettingsError[] errors = [.. bound.Errors, .. checks.Errors, .. runs.Where(run => !HoldsRun(run)).Select(NoRun), .. runs.Count < 2 ? [TooFew(runs)] : Array.Empty<SettingsError>()];
        return errors.Length > 0
            ? throw SettingsError.ToException(Command, errors)
            : new LoadedCompareSettings
            {
                Compare = settings.Compare,
                Evaluation = new EvalCommandSettings { Answering = settings.Answering, Eval = settings.Eval, Sampling = settings.Sampling, Reward = settings.Reward },
                Runs = runs,
                Written = bound.Written,
                Warnings = AnsweringChecks.Warnings(bound, evaluates ? Inactive(settings) : OfEvaluation()),
            };
    }

    private static bool HoldsRun(string folder) => File.Exists(Path.Combine(folder, RunFolder.MetricsName));

    private static SettingsError NoRun(string folder) => new(
        "RUN", folder, "command line", $"the output_dir of a run, with a {RunFolder.MetricsName}", "Check the path.");

    private static SettingsError TooFew(IReadOnlyList<string> runs) => new(
        "RUN", runs.Count == 0 ? "none" : runs[0], "command line", "two runs or more", $"Run: {Command} runs/first runs/second");

    private static IEnumerable<(string Key, bool IsInactive, string Because)> Inactive(CompareCommandSettings settings) =>
        [.. SamplingChecks.InactiveOptions(settings.Sampling), .. RewardChecks<CompareCommandSettings>.InactiveOptions(settings.Reward)];

    /// <summary>Without a task nothing is answered.</summary>
    private static IEnumerable<(string Key, bool IsInactive, string Because)> OfEvaluation() => ArgumentSchema.Of<CompareCommandSettings>().Arguments
        .Where(argument => argument.Name is not ("report_file" or "eval_task_config"))
        .Select(argument => (argument.Name, true, "eval_task_config is not given, so the actors answer nothing"));
}
