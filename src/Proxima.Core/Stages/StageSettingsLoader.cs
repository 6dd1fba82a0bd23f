using Proxima.Core.Binding;
using Proxima.Core.Metrics;
using Proxima.Core.Ppo;
using Proxima.Core.Runs;
using Proxima.Core.Settings;

namespace Proxima.Core.Stages;

/// <summary>From the words of a command line of <c>sft</c> or <c>reward</c> to settings without a mistake.</summary>
public static class StageSettingsLoader
{
    /// <summary>Binds and validates <c>[CONFIG.json] [--key value …]</c> of <c>sft</c>.</summary>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedSettings<SftCommandSettings> LoadSft(IReadOnlyList<string> words) =>
        Load<SftCommandSettings>("proxima sft", words, MetricNames.OfSftEvaluation, (checks, settings) => checks.Require(
            settings.Model.ModelNameOrPath is null != settings.Model.InitFromConfig is null,
            ["model_name_or_path", "init_from_config"], "exactly one of them",
            "Give the folder of a model to go on with, or that of a config.json and a tokenizer to start from scratch."));

    /// <summary>Binds and validates <c>[CONFIG.json] [--key value …]</c> of <c>reward</c>.</summary>
    /// <exception cref="ProximaException">one with every mistake in its message</exception>
    public static LoadedSettings<RewardCommandSettings> LoadReward(IReadOnlyList<string> words) =>
        Load<RewardCommandSettings>("proxima reward", words, MetricNames.OfRewardEvaluation, (checks, settings) =>
        {
            checks.Require(settings.Model.ModelNameOrPath is not null, ["model_name_or_path"], "the folder of a model", "Give the path of a Hugging Face folder.");
            checks.Require(
                !settings.Reward.ScaleScoreHead || settings.Data.EvalTaskConfig is not null,
                ["scale_score_head", "eval_task_config"], "held-out responses, since the head is scaled by their scores", "Give eval_task_config, or leave scale_score_head out.");
        });

    /// <summary>Writes run_config.json without options that have no effect.</summary>
    /// <param name="path">the file</param>
    /// <param name="effective">the settings with everything that was decided since, such as lengths that a model limits</param>
    public static void WriteRunConfig<TRoot>(string path, TRoot effective)
        where TRoot : class, IStageSettings => RunConfig.Write(path, effective, StageInactiveOptions.Of(effective).Select(option => option.Key));

    private static LoadedSettings<TRoot> Load<TRoot>(
        string command, IReadOnlyList<string> words, IReadOnlyList<string> metrics, Action<SettingsChecks<TRoot>, TRoot> checkOwn)
        where TRoot : class, IStageSettings
    {
        BoundSettings<TRoot> bound = new SettingsBinder<TRoot>(command).Bind(words);
        TRoot settings = bound.Settings;
        SettingsChecks<TRoot> checks = new(bound);
        checks.Require(settings.Data.TrainTaskConfig is not null, ["train_task_config"], "a task file", "Give its path.");
        checkOwn(checks, settings);
        CommonChecks.Optimizer(checks, settings.Optimizer);
        checks.Require(
            settings.Batch.GradientAccumulationSteps >= 1, ["gradient_accumulation_steps"], "at least 1", "Leave it out for 1.");
        checks.Require(
            (long)settings.Batch.PerDeviceTrainBatchSize * settings.Batch.GradientAccumulationSteps <= StagePlan.MaxExamplesPerStep,
            ["per_device_train_batch_size", "gradient_accumulation_steps"], $"at most {StagePlan.MaxExamplesPerStep} examples a step", "Lower one of them.");
        bool evaluates = settings.Data.EvalTaskConfig is not null && settings.Run.EvaluationStrategy != IntervalStrategy.No;
        CommonChecks.Run(
            checks, settings.Run, evaluates, "Give eval_task_config and an evaluation_strategy of steps or epoch, or leave it out.", metrics);
        CommonChecks.Machine(checks, settings.Machine);
        CommonChecks.Support(checks, settings, SupportedFeatures.Of<TRoot>());
        IReadOnlyList<SettingsError> errors = [.. bound.Errors, .. checks.Errors];
        return errors.Count > 0 ? throw SettingsError.ToException(command, errors) : new LoadedSettings<TRoot>
        {
            Settings = settings,
            Written = bound.Written,
            Inputs = [.. new[]
            {
                bound.ConfigPath, settings.Data.TrainTaskConfig, settings.Data.EvalTaskConfig, settings.Model.ModelNameOrPath, settings.Model.InitFromConfig,
            }.OfType<string>()],
            Warnings = CommonChecks.Warnings(bound, StageInactiveOptions.Of(settings)),
        };
    }
}
