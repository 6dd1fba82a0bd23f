using Proxima.Core.Binding;
using Proxima.Core.Settings;
using static Proxima.Core.Import.ImportRule;

namespace Proxima.Core.Import;

/// <summary>PaddleNLP's llm/alignment/ppo (2.x and 3.0). Most names are those of Proxima.</summary>
internal static class PaddleNlpRules
{
    private const string OneCard = "a rank computes a whole model; sharding divides its memory";

    public static ForeignTrainer Trainer { get; } = new()
    {
        Name = "PaddleNLP",
        Preset = "paddlenlp",
        WorkOut = WorkOut,
        Rules =
        [
            .. ArgumentSchema.Of<PpoCommandSettings>().Arguments.Where(argument => !Decided.Contains(argument.Name)).Select(argument => Same(argument.Name)),
            Same("learning_rate", "1e-5"),
            WorkedOut("max_length", "max_seq_len; without it 2048"),
            new ImportRule { Source = "max_dec_len", Target = "max_dec_len", Note = "the same" },
            To("max_prompt_len", "max_prompt_len"),
            WorkedOut("train_datasets", "train_task_config: a task file that names your data"),
            WorkedOut("train_task_config", "the same"),
            Nothing("eval_datasets", "eval_task_config: a task file"),
            Nothing("ptx_datasets", "ptx_task_config: a task file"),
            To("reward_critic_model_name_or_path", "critic_model_name_or_path"),
            WorkedOut("per_device_prompt_batch_size", "the same"),
            WorkedOut("per_device_train_batch_size", "the same"),
            WorkedOut("gradient_accumulation_steps", "the same"),
            WorkedOut("max_seq_len", "the same"),
            new ImportRule
            {
                Source = "sharding",
                Target = "sharding",
                Note = "stage1, stage2 or stage3",
                Convert = text => text.Split(' ').FirstOrDefault(word => word.StartsWith("stage", StringComparison.Ordinal)) ?? (text is "none" or "" ? "" : null),
            },
            Only("rl_algorithm", "ppo", "GRPO and REINFORCE++ are not offered"),
            new ImportRule { Source = "offload_level", Target = "offload", Note = "idle models, when it names any", Convert = text => text is "none" or "" ? "false" : "true" },
            Nothing("use_rm_server", "reward_server is the switch"),
            Nothing("tensor_parallel_degree", OneCard),
            Nothing("pipeline_parallel_degree", OneCard),
            Nothing("pipeline_parallel_config", OneCard),
            Nothing("sequence_parallel", OneCard),
            Nothing("actor_tokenizer_alpha", "the tokenizer of the model's folder"),
            Nothing("reward_tokenizer_alpha", "the tokenizer of the model's folder"),
            Nothing("reward_critic_tokenizer_alpha", "the tokenizer of the model's folder"),
            Nothing("chat_template", "the template of the model's folder"),
            Nothing("recompute_use_reentrant", "recomputation has one way"),
            Nothing("disable_tqdm", "a live table on a terminal, lines elsewhere"),
            Nothing("dataloader_drop_last", "every prompt is used; an epoch is rounded up"),
            Nothing("eval_mode", "no second copy of the weights is needed"),
            Nothing("release_grads", "gradients lie in one flat buffer"),
            Nothing("use_fused_head_and_loss_fn", "always: the loss head works in chunks"),
            Nothing("autotuner_benchmark", "`proxima doctor` and the first lines of a run tell of the machine"),
            Nothing("unified_checkpoint", "checkpoints are Hugging Face folders"),
        ],
    };

    /// <summary>Names that have a rule of their own.</summary>
    private static IEnumerable<string> Decided =>
    [
        "preset", "learning_rate", "max_dec_len", "max_prompt_len", "max_seq_len", "train_task_config", "sharding", "per_device_prompt_batch_size",
        "per_device_train_batch_size", "gradient_accumulation_steps", "offload",
    ];

    private static IEnumerable<(string Target, string Text, string Why)> WorkOut(ForeignValues values)
    {
        yield return ("max_seq_len", NumberText.Of(values.Whole("max_seq_len", values.Whole("max_length", 2048))), "max_length");
        yield return ("per_device_prompt_batch_size", NumberText.Of(values.Whole("per_device_prompt_batch_size", 16)), "the same");
        yield return ("per_device_train_batch_size", NumberText.Of(values.Whole("per_device_train_batch_size", 8)), "the same");
        yield return ("gradient_accumulation_steps", NumberText.Of(values.Whole("gradient_accumulation_steps", 1)), "the same");
    }
}
