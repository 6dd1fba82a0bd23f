using System.Text.RegularExpressions;
using Proxima.Core.Binding;
using Proxima.Core.Metrics;
using Proxima.Core.Rewards;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>
/// All checks across the arguments of <c>ppo</c> that need no file and no model. Ranges of single numbers stand at the settings themselves.
/// </summary>
public sealed partial class PpoSettingsValidator
{
    private readonly BoundSettings<PpoCommandSettings> _bound;
    private readonly PpoCommandSettings _settings;
    private readonly SettingsChecks<PpoCommandSettings> _checks;

    private readonly IReadOnlyCollection<string> _ownRewardFunctions;

    private PpoSettingsValidator(BoundSettings<PpoCommandSettings> bound, IReadOnlyCollection<string> ownRewardFunctions)
    {
        _bound = bound;
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
        validator.CheckOptimizer();
        validator.CheckBatches();
        validator.CheckRewardSource();
        validator.CheckRewardFunctions();
        validator.CheckRun();
        validator.CheckMachine();
        validator.CheckSupport();
        return new ValidationResult([.. bound.Errors, .. validator._checks.Errors], validator.Warnings(), validator.Notes());
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
        SamplingSettings sampling = _settings.Sampling;
        long prompt = sampling.MaxPromptLen ?? 1;
        _checks.Require(
            prompt + sampling.MaxDecLen < sampling.MaxSeqLen,
            sampling.MaxPromptLen is null ? ["max_dec_len", "max_seq_len"] : ["max_prompt_len", "max_dec_len", "max_seq_len"],
            sampling.MaxPromptLen is null ? "max_dec_len + 1 below max_seq_len" : "max_prompt_len + max_dec_len below max_seq_len",
            "Shorten the prompts or responses, or raise max_seq_len.");
        _checks.Require(sampling.MinDecLen <= sampling.MaxDecLen, ["min_dec_len", "max_dec_len"], "min_dec_len at most max_dec_len", "Lower min_dec_len.");
        _checks.Require(sampling.Temperature > 0, ["temperature"], "a number above 0", "Greedy decoding has no distribution to learn from; give 1 for plain sampling.");
    }

    private void CheckOptimizer()
    {
        OptimizerSettings optimizer = _settings.Optimizer;
        double criticRate = optimizer.CriticLearningRate ?? optimizer.LearningRate;
        const string FloorCure = "Lower the floor, or raise the peak.";
        _checks.Require(
            (optimizer.MinLearningRate ?? 0) <= optimizer.LearningRate,
            ["min_learning_rate", "learning_rate"], "the floor at most the peak", FloorCure);
        _checks.Require(
            (optimizer.CriticMinLearningRate ?? 0) <= criticRate,
            ["critic_min_learning_rate", optimizer.CriticLearningRate is null ? "learning_rate" : "critic_learning_rate"],
            "the floor at most the peak", FloorCure);
        const string DecayCure = "Raise the decay steps, or lower warmup_steps.";
        _checks.Require(
            optimizer.DecaySteps is null || optimizer.DecaySteps > optimizer.WarmupSteps,
            ["decay_steps", "warmup_steps"], "the decay to end after the warm-up", DecayCure);
        _checks.Require(
            optimizer.CriticDecaySteps is null || optimizer.CriticDecaySteps > optimizer.WarmupSteps,
            ["critic_decay_steps", "warmup_steps"], "the decay to end after the warm-up", DecayCure);
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

    private void CheckRewardSource()
    {
        string?[] sources = [_settings.Model.RewardModelNameOrPath, _settings.Reward.RewardServer, _settings.Reward.RewardFunction];
        _checks.Require(
            sources.Count(source => source is not null) == 1,
            ["reward_model_name_or_path", "reward_server", "reward_function"],
            "exactly one source of rewards",
            "Give one of them and leave the others out; critic_model_name_or_path gives the critic its own first weights.");
        bool isAddress = Uri.TryCreate(_settings.Reward.RewardServer, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.UserInfo.Length == 0;
        _checks.Require(
            _settings.Reward.RewardServer is null || isAddress, ["reward_server"], "an http or https address without a user", "Write it whole, with the port; reward_server_token_env and reward_server_token_file carry a secret.");
        _checks.Require(
            _settings.Reward.RewardServerTokenEnv is null || _settings.Reward.RewardServerTokenFile is null,
            ["reward_server_token_env", "reward_server_token_file"], "one source of the token", "Leave one of them out.");
    }

    private void CheckRewardFunctions()
    {
        CheckMix("reward_function", _settings.Reward.RewardFunction);
        CheckMix("eval_reward_function", _settings.Reward.EvalRewardFunction);

        RewardSettings reward = _settings.Reward;
        CheckNeed(RewardFunctionMix.Lexicon, reward.RewardLexicon is not null, "reward_lexicon", "a file of word valences");
        CheckNeed(RewardFunctionMix.Regex, reward.RewardPattern is not null, "reward_pattern", "a regular expression");
        CheckNeed(RewardFunctionMix.Length, reward.RewardTargetLength is not null, "reward_target_length", "a number of tokens");
        _checks.Require(
            reward.RewardPattern is null || IsPattern(reward.RewardPattern), ["reward_pattern"], "a regular expression", "Correct the pattern.");
    }

    private void CheckMix(string key, string? text)
    {
        try
        {
            RewardFunctionMix.Parse(text ?? RewardFunctionMix.Lexicon, _ownRewardFunctions);
        }
        catch (ProximaException exception)
        {
            _checks.Require(false, [key], "a reward function, or a mix name:weight,name:weight", $"{Sentence(exception.Message)}.");
        }
    }

    private void CheckNeed(string function, bool isGiven, string key, string expected)
    {
        string? user = RewardFunctionMix.Names(_settings.Reward.RewardFunction, function) ? "reward_function"
            : _settings.Task.DoEval && RewardFunctionMix.Names(_settings.Reward.EvalRewardFunction, function) ? "eval_reward_function"
            : null;
        _checks.Require(user is null || isGiven, [key], $"{expected}, since {user} uses {function}", $"Give {key}, or another {user}.");
    }

    private void CheckRun()
    {
        RunSettings run = _settings.Run;
        bool evaluates = _settings.Task is { DoTrain: true, DoEval: true } && run.EvaluationStrategy != IntervalStrategy.No;
        const string EvaluationCure = "Set do_train and do_eval true and evaluation_strategy steps or epoch, or leave it out.";
        _checks.Require(run.OutputDir is not null, ["output_dir"], "the folder of the run", "Give a path, such as runs/first.");
        _checks.Require(
            !run.OverwriteOutputDir || run.ResumeFromCheckpoint is null,
            ["overwrite_output_dir", "resume_from_checkpoint"], "one of them", "Resume the run, or replace it.");
        _checks.Require(
            !run.LoadBestModelAtEnd || evaluates, ["load_best_model_at_end"], "false, since training is not evaluated", EvaluationCure);
        _checks.Require(
            run.EarlyStoppingPatience is null || evaluates, ["early_stopping_patience"], "none, since training is not evaluated", EvaluationCure);
        if (run.LoadBestModelAtEnd || run.EarlyStoppingPatience is not null)
        {
            _checks.Require(
                MetricNames.OfPpoEvaluation.Contains(run.MetricForBestModel),
                ["metric_for_best_model"],
                "a metric of the evaluation",
                $"The nearest is {NearestName.Of(run.MetricForBestModel, MetricNames.OfPpoEvaluation)}.");
            _checks.Require(
                run.MetricForBestModel != MetricNames.EvalGoldMean || _settings.Reward.EvalRewardFunction is not null,
                ["metric_for_best_model", "eval_reward_function"], "a gold metric to compare", "Give eval_reward_function.");
        }
    }

    private void CheckMachine()
    {
        MachineSettings machine = _settings.Machine;
        _checks.Require(DevicePattern().IsMatch(machine.Device), ["device"], "auto, cpu, cuda or cuda:N", "Name the device in one of these forms.");
        _checks.Require(!machine.Fp16 || !machine.Bf16, ["fp16", "bf16"], "at most one of them", "Leave one of them out.");
        bool roundsWeights = _settings.Sampling.UseFusemt && machine.ComputeKernel is ComputeKernel.Bf16Managed or ComputeKernel.Bf16Native;
        _checks.Require(
            _settings.Sampling.RecomputeOldLogProbs || !(machine.Fp16 || machine.Bf16 || roundsWeights),
            ["recompute_old_log_probs", roundsWeights ? "compute_kernel" : machine.Bf16 ? "bf16" : "fp16"],
            "true, since the engine's log-probs are exact in fp32 alone", "Leave it out, or generate in fp32.");
    }

    private void CheckSupport()
    {
        foreach (FeatureGap gap in SupportedFeatures.Gaps.Where(gap => gap.IsAskedFor(_settings) && IsRefused(gap)))
        {
            _checks.Require(false, [gap.Key], $"to be left out, since {gap.Reason}", "Remove it.");
        }
    }

    private static bool IsRefused(FeatureGap gap) => gap.Kind == FeatureGapKind.Refused;

    private string[] Warnings() =>
        [.. PpoInactiveOptions.Of(_settings)
            .Where(option => _bound.DiffersFromDefault(option.Key))
            .Select(option => $"{option.Key} = {_bound.TextOf(option.Key)} has no effect: {option.Because}.")];

    private string[] Notes() =>
        [.. SupportedFeatures.Gaps
            .Where(gap => gap.IsAskedFor(_settings) && !IsRefused(gap))
            .Select(gap => $"{gap.Key} = {_bound.TextOf(gap.Key)}: {gap.Reason}.")];

    private static bool IsPattern(string pattern)
    {
        try
        {
            Regex.Match("", pattern);
            return true;
        }
        catch (RegexParseException)
        {
            return false;
        }
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex("^(auto|cpu|cuda(:[0-9]+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex DevicePattern();
}
