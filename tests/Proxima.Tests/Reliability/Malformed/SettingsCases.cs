using Proxima.Core;
using static Proxima.Tests.Reliability.Malformed.MalformedInput;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>Config files that are none, and settings that cannot be.</summary>
internal static class SettingsCases
{
    private const string Name = InputFolder.Config;

    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        Broken("an empty file", "", "config.json:1:1"),
        Broken("a list", "[]", "found a list"),
        Broken("a text", "\"x\"", "expected a JSON object"),
        Broken("null", "null", "expected a JSON object"),
        Broken("cut off", "{\"seed\": 1", "config.json:1:"),
        Broken("no value", "{\"seed\": }", "config.json:1:"),
        Broken("no colon", "{\"seed\" 1}", "config.json:1:"),
        Broken("two commas", "{\"seed\": 1,, \"max_steps\": 1}", "config.json:1:"),
        Broken("something behind", "{} x", "config.json:1:"),
        Broken("single quotes", "{'seed': 1}", "config.json:1:"),
        Broken("a number with a leading zero", "{\"seed\": 01}", "config.json:1:"),
        Broken("half a surrogate pair", "{\"output_dir\": \"\\ud800\"}", "half a surrogate pair"),
        Broken("half a surrogate pair in a key", "{\"\\ud800\": 1}", "half a surrogate pair"),
        Broken("a list a million levels deep", "{\"seed\": " + new string('[', 1_000_000), "config.json:1:"),
        Broken("an object in an object", "{\"seed\": {\"x\": 1}}", "The file is flat"),
        Broken("a list of lists", "{\"stop_token_ids\": [[1]]}", "a single value or a list of values"),
        Broken("a key twice", "{\"seed\": 1, \"seed\": 2}", "each key once"),
        Broken("an unknown key", "{\"learning_rat\": 1}", "learning_rate"),
        Broken("a key of another command", "{\"reward_margin\": true}", "reward_margin"),
        Broken("a text for a number", "{\"seed\": \"many\"}", "seed"),
        Broken("a number for a flag", "{\"do_eval\": 2}", "do_eval"),
        Broken("a list for a number", "{\"seed\": [1, 2]}", "seed"),
        Broken("a fraction for a count", "{\"max_dec_len\": 1.5}", "max_dec_len"),
        Broken("a number beyond 32 bits", "{\"max_dec_len\": 4294967296}", "max_dec_len"),
        Broken("a number beyond doubles", "{\"learning_rate\": 1e999}", "learning_rate"),
        Broken("null for what must be", "{\"seed\": null}", "seed"),
        Broken("an unknown choice", "{\"lr_scheduler_type\": \"sinus\"}", "lr_scheduler_type"),
        new("not UTF-8", ExitCode.Usage, "not UTF-8", folder => folder.Write(Name, [0x7B, 0xFF, 0xFE, 0x7D])),
        new("a config that is a folder", ExitCode.Usage, "cannot be read", folder =>
        {
            folder.Delete(Name);
            Directory.CreateDirectory(folder.At(Name));
        }),
        new("a config that is not there", ExitCode.Usage, "cannot be read", folder => folder.Delete(Name)),
        Setting("learning_rate", "--learning_rate", "-1"),
        Setting("learning_rate", "--learning_rate", "nan"),
        Setting("min_learning_rate", "--min_learning_rate", "1"),
        Setting("top_p", "--top_p", "0"),
        Setting("top_p", "--top_p", "1.5"),
        Setting("top_k", "--top_k", "-1"),
        Setting("temperature", "--temperature", "0"),
        Setting("repetition_penalty", "--repetition_penalty", "0"),
        Setting("num_return_sequences", "--num_return_sequences", "0"),
        Setting("max_dec_len", "--max_dec_len", "0"),
        Setting("min_dec_len", "--min_dec_len", "5"),
        Setting("max_prompt_len", "--max_prompt_len", "60"),
        Setting("max_seq_len", "--max_seq_len", "100000"),
        Setting("stop_token_ids", "--stop_token_ids", "1000000"),
        Setting("stop_token_ids", "--stop_token_ids", "-1"),
        Setting("per_device_prompt_batch_size", "--per_device_prompt_batch_size", "0"),
        Setting("per_device_train_batch_size", "--per_device_train_batch_size", "3"),
        Setting("gradient_accumulation_steps", "--gradient_accumulation_steps", "-1"),
        Setting("num_train_epochs", "--num_train_epochs", "0", "--max_steps", "-1"),
        Setting("save_steps", "--save_steps", "0"),
        Setting("save_total_limit", "--save_total_limit", "0"),
        Setting("logging_steps", "--logging_steps", "0"),
        Setting("early_stopping_patience", "--early_stopping_patience", "0"),
        Setting("stop_after_minutes", "--stop_after_minutes", "0"),
        Setting("seed", "--seed", "-1"),
        Setting("warmup_ratio", "--warmup_ratio", "2"),
        Setting("adam_beta1", "--adam_beta1", "1"),
        Setting("adam_epsilon", "--adam_epsilon", "-1"),
        Setting("max_grad_norm", "--max_grad_norm", "-1"),
        Setting("weight_decay", "--weight_decay", "-1"),
        Setting("gamma", "--gamma", "2"),
        Setting("gae_lambda", "--gae_lambda", "-0.1"),
        Setting("kl_coeff", "--kl_coeff", "-1"),
        Setting("update_iters", "--update_iters", "0"),
        Setting("clip_range_ratio", "--clip_range_ratio", "-1"),
        Setting("dual_clip", "--dual_clip", "0.5"),
        Setting("num_threads", "--num_threads", "-1"),
        Setting("device", "--device", "tpu"),
        Setting("fp16", "--fp16", "true"),
        Setting("reward_function", "--reward_function", "nice"),
        Setting("reward_function", "--reward_function", "length:x"),
        Setting("reward_pattern", "--reward_function", "regex", "--reward_target_length", "none"),
        Setting("reward_pattern", "--reward_function", "regex", "--reward_pattern", "(", "--reward_target_length", "none"),
        Setting("reward_server", "--reward_function", "none", "--reward_server", "ftp://127.0.0.1/"),
        Setting("reward_server", "--reward_function", "none", "--reward_server", "not an address"),
        Setting("reward_server_token_file", "--reward_function", "none", "--reward_server", "http://127.0.0.1:9/", "--reward_server_token_file", "nowhere"),
        Setting("eval_task_config", "--do_eval", "true"),
        Setting("resume_from_checkpoint", "--resume_from_checkpoint", "nowhere"),
        Setting("output_dir", "--output_dir", "none"),
        Setting("--seed", "--seed"),
        Setting("words", "words"),
    ];

    private static MalformedInput Broken(string name, string content, string part) => File($"config: {name}", Name, content, part, ExitCode.Usage);
}
