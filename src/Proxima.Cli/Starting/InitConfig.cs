using System.Globalization;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Cli.Starting;

/// <summary>The config that <c>init</c> writes: every value with the reason for it.</summary>
internal sealed class InitConfig(InitSettings settings, InitPlan plan, InitData data, string trainTask, string? evalTask)
{
    private const int EvaluationsOfRun = 10;
    private const int CheckpointsOfRun = 5;

    private readonly InitStage _stage = settings.Stage ?? InitStage.Ppo;

    /// <summary>Fills in the config.</summary>
    /// <returns>the file as text</returns>
    public string Write(CommentedConfig config)
    {
        string command = InitFiles.CommandOf(settings);
        config.Header.Add($"proxima {command}, for {settings.ModelNameOrPath}: {data.Lines} lines of data, about {plan.Steps} steps.");
        config.Header.Add("A start that runs, not the end of a search. docs/configuration.md explains every argument; those not given here have their defaults.");
        config.Header.Add("Relative paths are read from the folder where proxima is started.");
        config.Set("train_task_config", trainTask, "");
        if (settings.FollowModelLinks)
        {
            config.Set("follow_model_links", true, "the model folder links to files elsewhere");
        }

        config.Set("output_dir", settings.OutputDir ?? $"runs/{command}", "a new folder for each run");
        if (_stage == InitStage.Ppo)
        {
            AddPpo(config);
        }
        else
        {
            config.Set("model_name_or_path", settings.ModelNameOrPath, "");
            config.Set("gradient_accumulation_steps", plan.Batch / plan.MicroBatch, "a step learns from all of these micro-batches");
            config.Set("max_seq_len", plan.MaxSeqLen, plan.Cuts ? "all positions of the model; longer examples lose their oldest turns" : "prompt and reply; the longest of the data fits");
        }

        if (evalTask is not null)
        {
            config.Set("eval_task_config", evalTask, "");
            config.Set("eval_steps", Math.Max(1, plan.Steps / EvaluationsOfRun), "steps between evaluations");
        }

        config.Set("per_device_train_batch_size", plan.MicroBatch, "sequences computed at a time: more is faster and takes more memory");
        config.Set("num_train_epochs", plan.Epochs, $"{plan.Steps} steps");
        config.Set("learning_rate", plan.LearningRate, "the first thing to try other values of");
        config.Set("lr_scheduler_type", SchedulerType.Cosine, "");
        config.Set("warmup_ratio", 0.03, "");
        config.Set("save_steps", Math.Max(1, plan.Steps / CheckpointsOfRun), "");
        config.Set("save_total_limit", 2, "checkpoints that are kept");
        return config.ToText();
    }

    private void AddPpo(CommentedConfig config)
    {
        config.Set("do_train", true, "");
        config.Set("actor_model_name_or_path", settings.ModelNameOrPath, "the actor, and the frozen reference");
        if (evalTask is not null)
        {
            config.Set("do_eval", true, "");
        }

        if (settings.RewardModelNameOrPath is { } rewardModel)
        {
            config.Set("reward_model_name_or_path", rewardModel, "a sequence classifier with one label: the reward, and the first critic");
        }
        else if (settings.RewardServer is { } server)
        {
            config.Set("reward_server", server, "docs/rewards.md tells what it is asked and what it answers");
        }
        else
        {
            config.Set("reward_function", settings.RewardFunction, "docs/rewards.md tells of the functions and what they read");
        }

        config.Set("max_seq_len", plan.MaxSeqLen, "above max_prompt_len + max_dec_len");
        config.Set("max_prompt_len", plan.MaxPromptLen, plan.Cuts ? "what the model has room for; longer prompts lose their oldest turns" : "the longest prompt of the data fits");
        config.Set("max_dec_len", plan.MaxDecLen, "longest response: shorter is faster");
        config.Set("per_device_prompt_batch_size", plan.Batch, "prompts of a step");
        config.Set("gradient_accumulation_steps", 1, string.Create(CultureInfo.InvariantCulture, $"{plan.Batch / plan.MicroBatch} optimizer steps a step"));
        config.Set("critic_learning_rate", plan.LearningRate * 5, "the critic bears more");
        config.Set("critic_lr_scheduler_type", SchedulerType.Cosine, "");
        config.Set("kl_coeff", 0.05, "keeps the actor near the reference: raise it when objective/kl_per_seq runs away");
        config.Set("normalize_advantage", true, "");
    }
}
