using Proxima.Core.Binding;
using static Proxima.Core.Import.ImportRule;

namespace Proxima.Core.Import;

/// <summary>TRL's PPOTrainer (PPOConfig, ModelConfig and ScriptArguments of 0.12 to 0.2x, with the arguments of transformers).</summary>
internal static class TrlRules
{
    private const string NoDownload = "a local folder: nothing is downloaded";

    public static ForeignTrainer Trainer { get; } = new()
    {
        Name = "TRL",
        Preset = "trl",
        WorkOut = WorkOut,
        Rules =
        [
            To("sft_model_path", "actor_model_name_or_path", note: NoDownload),
            Nothing("model_name_or_path", "TRL reads the tokenizer there; Proxima reads that of the actor's folder"),
            To("reward_model_path", "reward_model_name_or_path", note: NoDownload),
            WorkedOut("dataset_name", "train_task_config: a task file that names your data; `proxima data convert` writes the data"),
            Nothing("dataset_train_split", "a task file names the file of each split"),
            Nothing("dataset_test_split", "a task file names the file of each split"),
            Nothing("dataset_config", "a task file names files"),
            Same("output_dir"),
            Same("overwrite_output_dir"),
            Same("resume_from_checkpoint"),
            Same("seed"),
            To("response_length", "max_dec_len", "53"),
            To("temperature", "temperature", "0.7"),
            To("stop_token_id", "stop_token_ids", note: "it takes the place of the model's own"),
            Nothing("stop_token", "the model's eos and end of turn stop a response; ids of your own: stop_token_ids, texts: stop_strings"),
            Same("missing_eos_penalty"),
            To("num_ppo_epochs", "update_iters", "4"),
            To("kl_coef", "kl_coeff"),
            Same("kl_estimator"),
            To("cliprange", "clip_range_ratio"),
            To("cliprange_value", "clip_range_value"),
            Nothing("vf_coef", "TRL sums both losses for one optimizer; here the critic has an optimizer of its own, and Adam does not see the scale of a loss"),
            Same("gamma"),
            To("lam", "gae_lambda"),
            Only("whiten_rewards", "false", "rewards are not whitened; normalize_reward and normalize_advantage come nearest"),
            WorkedOut("per_device_train_batch_size", "per_device_train_batch_size, and per_device_prompt_batch_size: it × gradient_accumulation_steps × num_mini_batches"),
            WorkedOut("gradient_accumulation_steps", "the same, and per_device_prompt_batch_size"),
            WorkedOut("num_mini_batches", "optimizer steps of a pass: per_device_prompt_batch_size"),
            WorkedOut("total_episodes", "max_steps: it ÷ prompts of a rollout, rounded up"),
            Nothing("local_rollout_forward_batch_size", "the engine chooses how many rows it computes at a time"),
            Nothing("num_sample_generations", "eval_steps says when to evaluate"),
            Same("per_device_eval_batch_size"),
            Same("learning_rate"),
            WorkedOut("weight_decay", "weight_decay and critic_weight_decay"),
            Same("adam_beta1"),
            Same("adam_beta2"),
            Same("adam_epsilon"),
            new ImportRule { Source = "max_grad_norm", Target = "max_grad_norm", Note = "TRL's PPO does not clip gradients; here it does" },
            WorkedOut("lr_scheduler_type", "lr_scheduler_type and critic_lr_scheduler_type"),
            Same("warmup_ratio"),
            Same("warmup_steps"),
            Same("num_train_epochs"),
            Same("max_steps"),
            To("logging_steps", "logging_steps"),
            Same("logging_dir"),
            Same("save_steps"),
            Same("save_strategy"),
            Same("save_total_limit"),
            Same("eval_steps"),
            To("eval_strategy", "evaluation_strategy"),
            Same("evaluation_strategy"),
            Same("bf16"),
            Same("fp16"),
            To("gradient_checkpointing", "recompute"),
            new ImportRule
            {
                Source = "report_to",
                Target = "report_to",
                Note = "tensorboard or none; the dashboard takes the place of other services",
                Convert = text => text is "none" or "tensorboard" ? text : null,
            },
            new ImportRule
            {
                Source = "attn_implementation",
                Target = "use_flash_attention",
                Convert = text => text.StartsWith("flash_attention", StringComparison.Ordinal) ? "true" : "false",
            },
            Nothing("use_peft", "LoRA is not offered"),
            Nothing("lora_r", "LoRA is not offered"),
            Nothing("lora_alpha", "LoRA is not offered"),
            Nothing("lora_task_type", "LoRA is not offered"),
            Nothing("ds3_gather_for_generation", "sharding does what is needed"),
            Nothing("dataset_num_proc", "data are read as they are needed"),
            Nothing("run_name", "output_dir names the run"),
            Nothing("exp_name", "output_dir names the run"),
            Nothing("batch_size", "TRL works it out itself"),
            Nothing("local_batch_size", "TRL works it out itself"),
            Nothing("mini_batch_size", "TRL works it out itself"),
            Nothing("local_mini_batch_size", "TRL works it out itself"),
            Nothing("micro_batch_size", "TRL works it out itself"),
            Nothing("num_total_batches", "TRL works it out itself"),
            Nothing("world_size", "TRL works it out itself"),
            Nothing("push_to_hub", "a run's actor/ is a Hugging Face folder: upload it with that hub's own tool"),
            Nothing("trust_remote_code", "no code of a model is run"),
        ],
    };

    private static IEnumerable<string> OfBothModels => ["weight_decay", "lr_scheduler_type"];

    private static IEnumerable<(string Target, string Text, string Why)> WorkOut(ForeignValues values)
    {
        long sequences = values.Whole("per_device_train_batch_size", 8);
        long accumulation = values.Whole("gradient_accumulation_steps", 1);
        long prompts = sequences * accumulation * values.Whole("num_mini_batches", 1);
        yield return ("per_device_train_batch_size", NumberText.Of(sequences), "sequences of a micro-batch");
        yield return ("gradient_accumulation_steps", NumberText.Of(accumulation), "micro-batches of an optimizer step");
        yield return ("per_device_prompt_batch_size", NumberText.Of(prompts), "per_device_train_batch_size x gradient_accumulation_steps x num_mini_batches");
        foreach (string both in OfBothModels.Where(values.Has))
        {
            yield return (both, values[both], "");
            yield return ($"critic_{both}", values[both], $"{both}, which TRL has for both");
        }

        if (values.Has("total_episodes"))
        {
            yield return ("max_steps", NumberText.Of((values.Whole("total_episodes", 0) + prompts - 1) / prompts), "total_episodes / prompts of a rollout");
        }
    }
}
