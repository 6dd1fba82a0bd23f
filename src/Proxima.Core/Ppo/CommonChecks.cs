using System.Text.RegularExpressions;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>The checks that all commands that train share.</summary>
internal static partial class CommonChecks
{
    private const string FloorCure = "Lower the floor, or raise the peak.";
    private const string DecayCure = "Raise the decay steps, or lower warmup_steps.";

    public static void Optimizer<TRoot>(SettingsChecks<TRoot> checks, OptimizerSettings optimizer)
        where TRoot : class
    {
        checks.Require(
            (optimizer.MinLearningRate ?? 0) <= optimizer.LearningRate,
            ["min_learning_rate", "learning_rate"], "the floor at most the peak", FloorCure);
        checks.Require(
            optimizer.DecaySteps is null || optimizer.DecaySteps > optimizer.WarmupSteps,
            ["decay_steps", "warmup_steps"], "the decay to end after the warm-up", DecayCure);
    }

    public static void CriticOptimizer(SettingsChecks<PpoCommandSettings> checks, OptimizerSettings optimizer)
    {
        checks.Require(
            (optimizer.CriticMinLearningRate ?? 0) <= (optimizer.CriticLearningRate ?? optimizer.LearningRate),
            ["critic_min_learning_rate", optimizer.CriticLearningRate is null ? "learning_rate" : "critic_learning_rate"],
            "the floor at most the peak", FloorCure);
        checks.Require(
            optimizer.CriticDecaySteps is null || optimizer.CriticDecaySteps > optimizer.WarmupSteps,
            ["critic_decay_steps", "warmup_steps"], "the decay to end after the warm-up", DecayCure);
    }

    /// <param name="checks">receives the errors</param>
    /// <param name="run">the settings</param>
    /// <param name="evaluates">whether training is evaluated</param>
    /// <param name="evaluationCure">how to have it evaluated</param>
    /// <param name="metrics">what an evaluation measures</param>
    public static void Run<TRoot>(
        SettingsChecks<TRoot> checks, RunSettings run, bool evaluates, string evaluationCure, IReadOnlyList<string> metrics)
        where TRoot : class
    {
        checks.Require(run.OutputDir is not null, ["output_dir"], "the folder of the run", "Give a path, such as runs/first.");
        checks.Require(
            !run.OverwriteOutputDir || run.ResumeFromCheckpoint is null,
            ["overwrite_output_dir", "resume_from_checkpoint"], "one of them", "Resume the run, or replace it.");
        checks.Require(
            !run.LoadBestModelAtEnd || evaluates, ["load_best_model_at_end"], "false, since training is not evaluated", evaluationCure);
        checks.Require(
            run.EarlyStoppingPatience is null || evaluates, ["early_stopping_patience"], "none, since training is not evaluated", evaluationCure);
        checks.Require(
            !CommonInactiveOptions.ComparesModels(run) || metrics.Contains(run.MetricForBestModel),
            ["metric_for_best_model"], "a metric of the evaluation", $"The nearest is {NearestName.Of(run.MetricForBestModel, metrics)}.");
    }

    public static void Machine<TRoot>(SettingsChecks<TRoot> checks, MachineSettings machine)
        where TRoot : class
    {
        checks.Require(DevicePattern().IsMatch(machine.Device), ["device"], "auto, cpu, cuda or cuda:N", "Name the device in one of these forms.");
        checks.Require(!machine.Fp16 || !machine.Bf16, ["fp16", "bf16"], "at most one of them", "Leave one of them out.");
    }

    /// <summary>Refuses what the command cannot honour yet.</summary>
    public static void Support<TRoot>(SettingsChecks<TRoot> checks, TRoot settings, IEnumerable<FeatureGap<TRoot>> gaps)
        where TRoot : class
    {
        foreach (FeatureGap<TRoot> gap in gaps.Where(gap => gap.IsAskedFor(settings)))
        {
            checks.Require(false, [gap.Key], $"to be left out, since {gap.Reason}", "Remove it.");
        }
    }

    /// <summary>Options that were changed and have no effect.</summary>
    public static IReadOnlyList<string> Warnings<TRoot>(BoundSettings<TRoot> bound, IEnumerable<InactiveOption<TRoot>> inactive)
        where TRoot : class =>
        [.. inactive
            .Where(option => bound.DiffersFromDefault(option.Key))
            .Select(option => $"{option.Key} = {bound.TextOf(option.Key)} has no effect: {option.Because}.")];

    [GeneratedRegex("^(auto|cpu|cuda(:[0-9]+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex DevicePattern();
}
