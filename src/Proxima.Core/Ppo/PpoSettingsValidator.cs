using Proxima.Core.Binding;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>
/// All checks across the arguments of <c>ppo</c> that need no file and no model. Ranges of single numbers stand at the settings themselves.
/// </summary>
public sealed class PpoSettingsValidator
{
    private readonly PpoCommandSettings _settings;
    private readonly SettingsChecks<PpoCommandSettings> _checks;
    private readonly IReadOnlyCollection<string> _ownRewardFunctions;

    private PpoSettingsValidator(BoundSettings<PpoCommandSettings> bound, IReadOnlyCollection<string> ownRewardFunctions)
    {
        _ownRewardFunctions = ownRewardFunctions;
        _settings = bound.Settings;
        _checks = new SettingsChecks<PpoCommandSettings>(bound);
    }

    /// <summary>Errors of the binder and of all checks together, warnings and notes.</summary>
    /// <param name="bound">the settings as they were read</param>
    /// <param name="ownRewardFunctions">names of the user's own reward functions</param>
    public static ValidationResult Validate(BoundSettings<PpoCommandSettings> bound, IReadOnlyCollection<string> ownRewardFunctions)
    {
        PpoSettingsValidator validator = new(bound, ownRewardFunctions);
        validator.CheckTasks();
        validator.CheckLengthsAndSampling();
        CommonChecks.Optimizer(validator._checks, bound.Settings.Optimizer);
        CommonChecks.CriticOptimizer(validator._checks, bound.Settings.Optimizer);
        validator.CheckBatches();
        validator.CheckRewards();
        validator.CheckRun();
        CommonChecks.Machine(validator._checks, bound.Settings.Machine);
        validator.CheckExactLogProbs();
        CommonChecks.Support(validator._checks, bound.Settings, SupportedFeatures.Gaps);
        return new ValidationResult(
            [.. bound.Errors, .. validator._checks.Errors],
            CommonChecks.Warnings(bound, PpoInactiveOptions.Of(bound.Settings)));
    }

    private void CheckTasks()
    {
        TaskSettings task = _settings.Task;
        _checks.Require(task.DoTrain || task.DoEval, ["do_train", "do_eval"], "one of them true", "Set do_train true to train, do_eval true to evaluate.");
        _checks.Require(!task.DoTrain || task.TrainTaskConfig is not null, ["train_task_config"], "a task file, since do_train is true", "Give its path, or set do_train false.");
        _checks.Require(!task.DoEval || task.EvalTaskConfig is not null, ["eval_task_config"], "a task file, since do_eval is true", "Give its path, or set do_eval false.");
        _checks.Require(_settings.Model.ActorModelNameOrPath is not null, ["actor_model_name_or_path"], "the folder of a model", "Give the path of a Hugging Face folder.");
    }

    private void CheckLengthsAndSampling()
    {
        SamplingChecks.Require(_checks, _settings.Sampling);
        _checks.Require(_settings.Sampling.Temperature > 0, ["temperature"], "a number above 0", "Greedy decoding has no distribution to learn from; give 1 for plain sampling.");
    }

    private void CheckBatches()
    {
        BatchSettings batch = _settings.Batch;
        long sequences = (long)batch.PerDevicePromptBatchSize * _settings.Sampling.NumReturnSequences;
        bool isWholeRollout = batch.GradientAccumulationSteps == 0;
        long ofOneStep = (long)batch.PerDeviceTrainBatchSize * (isWholeRollout ? 1 : batch.GradientAccumulationSteps);
        _checks.Require(
            ofOneStep > 0 && sequences % ofOneStep == 0,
            ["per_device_prompt_batch_size", "num_return_sequences", "per_device_train_batch_size", "gradient_accumulation_steps"],
            isWholeRollout
                ? $"the {sequences} sequences of a rollout to be divisible by per_device_train_batch_size"
                : $"the {sequences} sequences of a rollout to be divisible by the {ofOneStep} of an optimizer step (per_device_train_batch_size x gradient_accumulation_steps)",
            "Change one of them so that nothing is left over.");
        _checks.Require(
            sequences <= int.MaxValue, ["per_device_prompt_batch_size", "num_return_sequences"], $"at most {int.MaxValue} sequences", "Lower one of them.");
    }

    private void CheckRewards()
    {
        RewardChecks<PpoCommandSettings> rewards = new(_checks, _settings.Reward, _ownRewardFunctions);
        rewards.RequireSource(
            _settings.Model.RewardModelNameOrPath,
            "Give one of them and leave the others out; critic_model_name_or_path gives the critic its own first weights.");
        rewards.RequireFunctions(_settings.Task.DoEval);
    }

    private void CheckRun()
    {
        RunSettings run = _settings.Run;
        bool evaluates = _settings.Task is { DoTrain: true, DoEval: true } && run.EvaluationStrategy != IntervalStrategy.No;
        const string EvaluationCure = "Set do_train and do_eval true and evaluation_strategy steps or epoch, or leave it out.";
        CommonChecks.Run(_checks, run, evaluates, EvaluationCure, MetricNames.OfPpoEvaluation);
        _checks.Require(
            !CommonInactiveOptions.ComparesModels(run)
                || run.MetricForBestModel != MetricNames.EvalGoldMean || _settings.Reward.EvalRewardFunction is not null,
            ["metric_for_best_model", "eval_reward_function"], "a gold metric to compare", "Give eval_reward_function.");
    }

    private void CheckExactLogProbs()
    {
        MachineSettings machine = _settings.Machine;
        bool roundsWeights = _settings.Sampling.UseFusemt && machine.ComputeKernel is ComputeKernel.Bf16Managed or ComputeKernel.Bf16Native;
        _checks.Require(
            _settings.Ppo.RecomputeOldLogProbs || !(machine.Fp16 || machine.Bf16 || roundsWeights),
            ["recompute_old_log_probs", roundsWeights ? "compute_kernel" : machine.Bf16 ? "bf16" : "fp16"],
            "true, since the engine's log-probs are exact in fp32 alone", "Leave it out, or generate in fp32.");
    }
}
