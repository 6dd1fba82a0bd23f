using System.Globalization;
using Proxima.Core.Binding;
using static Proxima.Core.Import.ImportRule;

namespace Proxima.Core.Import;

/// <summary>OpenRLHF's train_ppo_ray (0.5 to 0.9).</summary>
internal static class OpenRlhfRules
{
    private const string NoDownload = "a local folder: nothing is downloaded";
    private const string OneProgram = "actor, critic, reward and engine share the ranks of one program";

    public static ForeignTrainer Trainer { get; } = new()
    {
        Name = "OpenRLHF",
        Preset = "openrlhf",
        WorkOut = WorkOut,
        Rules =
        [
            To("pretrain", "actor_model_name_or_path", note: NoDownload),
            To("reward_pretrain", "reward_model_name_or_path", note: NoDownload),
            To("critic_pretrain", "critic_model_name_or_path", note: NoDownload),
            To("remote_rm_url", "reward_server", note: "the server answers in the form of rewards.md"),
            WorkedOut("prompt_data", "train_task_config: a task file that names your data; `proxima data convert` writes the data"),
            Nothing("prompt_data_probs", "prob of each source in the task file"),
            Nothing("prompt_split", "a task file names the file of each split"),
            Nothing("eval_dataset", "eval_task_config: a task file"),
            Nothing("eval_split", "a task file names the file of each split"),
            Nothing("input_key", "`proxima data convert` knows the usual columns"),
            Nothing("label_key", "label_column of `proxima data convert`"),
            Nothing("input_template", "the model's chat template, else the plain format"),
            Nothing("apply_chat_template", "always, where the model has a chat template"),
            Nothing("max_samples", "the data files hold what is used"),
            To("save_path", "output_dir"),
            Nothing("ckpt_path", "checkpoints are in output_dir"),
            Nothing("save_hf_ckpt", "every checkpoint holds Hugging Face folders"),
            Nothing("save_value_network", "the critic is always saved"),
            Nothing("disable_ds_ckpt", "save_strategy no"),
            To("save_steps", "save_steps", note: "-1 (never) is save_strategy no"),
            To("max_ckpt_num", "save_total_limit"),
            new ImportRule { Source = "load_checkpoint", Target = "resume_from_checkpoint", Note = "auto: the newest whole one", Convert = text => text == "true" ? "auto" : "none" },
            To("logging_steps", "logging_steps"),
            To("eval_steps", "eval_steps"),
            To("prompt_max_len", "max_prompt_len", "1024"),
            To("generate_max_len", "max_dec_len", "1024"),
            WorkedOut("max_len", "max_seq_len; without it prompt_max_len + generate_max_len + 1"),
            Same("top_p"),
            Same("temperature"),
            To("n_samples_per_prompt", "num_return_sequences"),
            To("eval_n_samples_per_prompt", "eval_num_return_sequences"),
            Nothing("eval_temperature", "evaluations sample with temperature"),
            WorkedOut("rollout_batch_size", "per_device_prompt_batch_size, on one rank; divide it by the ranks"),
            WorkedOut("train_batch_size", "gradient_accumulation_steps: it ÷ micro_train_batch_size, on one rank"),
            WorkedOut("micro_train_batch_size", "per_device_train_batch_size"),
            Nothing("micro_rollout_batch_size", "the engine chooses how many rows it computes at a time"),
            To("max_epochs", "update_iters"),
            To("num_episodes", "num_train_epochs"),
            To("actor_learning_rate", "learning_rate", "1e-6"),
            To("critic_learning_rate", "critic_learning_rate", "9e-6"),
            To("lr_warmup_ratio", "warmup_ratio", "0.03"),
            WorkedOut("lr_scheduler", "lr_scheduler_type; cosine_with_min_lr is cosine with min_learning_rate a tenth of the peak"),
            WorkedOut("l2", "weight_decay and critic_weight_decay"),
            WorkedOut("adam_betas", "adam_beta1 and adam_beta2"),
            To("max_norm", "max_grad_norm"),
            To("eps_clip", "clip_range_ratio"),
            Nothing("eps_clip_low_high", "one clip range for both sides: clip_range_ratio"),
            Same("dual_clip"),
            To("value_clip", "clip_range_value"),
            To("lambd", "gae_lambda"),
            Same("gamma"),
            To("init_kl_coef", "kl_coeff"),
            WorkedOut("kl_target", "kl_target, and kl_controller adaptive"),
            Same("kl_horizon"),
            Same("kl_estimator"),
            Only("use_kl_loss", "false", "the KL is a penalty on the reward of each token"),
            Same("normalize_reward"),
            WorkedOut("reward_clip_range", "clip_range_score: its upper end, for both sides"),
            new ImportRule { Source = "entropy_loss_coef", Target = "entropy_coeff" },
            new ImportRule { Source = "freezing_actor_steps", Target = "critic_warmup_steps", Note = "-1 is 0", Convert = text => text == "-1" ? "0" : text },
            new ImportRule { Source = "ptx_coef", Target = "ptx_coeff", Note = "Proxima halves PPO and ptx: ½(PPO + ptx_coeff × CE)" },
            Only("advantage_estimator", "gae", "GRPO, RLOO and REINFORCE++ are not offered"),
            Only("policy_loss_type", "ppo", "GSPO is not offered"),
            Same("seed"),
            Same("bf16", "true"),
            To("gradient_checkpointing", "recompute"),
            new ImportRule { Source = "zero_stage", Target = "sharding", Convert = text => text == "0" ? "" : $"stage{text}" },
            To("flash_attn", "use_flash_attention"),
            new ImportRule { Source = "attn_implementation", Target = "use_flash_attention", Convert = text => text.StartsWith("flash_attention", StringComparison.Ordinal) ? "true" : "false" },
            Nothing("adam_offload", "offload keeps idle models in host memory"),
            Nothing("packing_samples", "each micro-batch is cut to its own longest row"),
            Nothing("ref_num_nodes", OneProgram),
            Nothing("ref_num_gpus_per_node", OneProgram),
            Nothing("reward_num_nodes", OneProgram),
            Nothing("reward_num_gpus_per_node", OneProgram),
            Nothing("critic_num_nodes", OneProgram),
            Nothing("critic_num_gpus_per_node", OneProgram),
            Nothing("actor_num_nodes", OneProgram),
            Nothing("actor_num_gpus_per_node", OneProgram),
            Nothing("colocate_all_models", OneProgram),
            Nothing("vllm_num_engines", "the fused engine generates (use_fusemt)"),
            Nothing("vllm_tensor_parallel_size", "the fused engine generates (use_fusemt)"),
            Nothing("vllm_gpu_memory_utilization", "the fused engine generates (use_fusemt)"),
            Nothing("vllm_enable_sleep", "the fused engine generates (use_fusemt)"),
            Nothing("vllm_sync_backend", "the fused engine generates (use_fusemt)"),
            Nothing("deepspeed_enable_sleep", "offload keeps idle models in host memory"),
            Nothing("lora_rank", "LoRA is not offered"),
            Nothing("load_in_4bit", "quantised models are not offered"),
            Nothing("use_wandb", "the dashboard and TensorBoard show a run"),
            Nothing("use_tensorboard", "report_to tensorboard is the default; logging_dir names the folder"),
        ],
    };

    private static IEnumerable<(string Target, string Text, string Why)> WorkOut(ForeignValues values)
    {
        long micro = values.Whole("micro_train_batch_size", 4);
        yield return ("per_device_prompt_batch_size", NumberText.Of(values.Whole("rollout_batch_size", 1024)), "rollout_batch_size, on one rank");
        yield return ("per_device_train_batch_size", NumberText.Of(micro), "micro_train_batch_size");
        yield return ("gradient_accumulation_steps", NumberText.Of(Math.Max(1, values.Whole("train_batch_size", 128) / micro)), "train_batch_size / micro_train_batch_size");
        long room = values.Whole("prompt_max_len", 1024) + values.Whole("generate_max_len", 1024) + 1;
        yield return ("max_seq_len", NumberText.Of(Math.Max(room, values.Whole("max_len", 0))), "max_len, at least prompt_max_len + generate_max_len + 1");
        foreach ((string, string, string) row in Schedule(values).Concat(Pairs(values)))
        {
            yield return row;
        }

        if (values.Has("l2"))
        {
            yield return ("weight_decay", values["l2"], "l2");
            yield return ("critic_weight_decay", values["l2"], "l2");
        }

        if (values.Has("kl_target"))
        {
            yield return ("kl_controller", "adaptive", "kl_target is given");
            yield return ("kl_target", values["kl_target"], "kl_target");
        }
    }

    private static IEnumerable<(string Target, string Text, string Why)> Schedule(ForeignValues values)
    {
        const string WithFloor = "cosine_with_min_lr";
        string schedule = values.Has("lr_scheduler") ? values["lr_scheduler"] : WithFloor;
        string type = schedule == WithFloor ? "cosine" : schedule;
        yield return ("lr_scheduler_type", type, $"lr_scheduler {schedule}");
        yield return ("critic_lr_scheduler_type", type, $"lr_scheduler {schedule}");
        if (schedule == WithFloor)
        {
            yield return ("min_learning_rate", Tenth(values, "actor_learning_rate", 1e-6), "a tenth of the peak");
            yield return ("critic_min_learning_rate", Tenth(values, "critic_learning_rate", 9e-6), "a tenth of the peak");
        }
    }

    private static IEnumerable<(string Target, string Text, string Why)> Pairs(ForeignValues values)
    {
        string[] betas = values.Has("adam_betas") ? values["adam_betas"].Split(' ') : ["0.9", "0.95"];
        yield return ("adam_beta1", betas[0], "adam_betas");
        yield return ("adam_beta2", betas[^1], "adam_betas");
        if (values.Has("reward_clip_range"))
        {
            yield return ("clip_range_score", values["reward_clip_range"].Split(' ')[^1], "the upper end of reward_clip_range");
        }
    }

    private static string Tenth(ForeignValues values, string name, double otherwise) =>
        (values.Number(name, otherwise) / 10).ToString("0.######e-0", CultureInfo.InvariantCulture);
}
