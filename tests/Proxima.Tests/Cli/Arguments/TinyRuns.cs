using System.Globalization;
using Proxima.Cli;
using Proxima.Core;
using Proxima.TestSupport;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>
/// Runs the command line in this process on the stories models, a step or two of a few short sequences, and remembers what each list of
/// words gave.
/// </summary>
public sealed class TinyRuns : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, TinyRun> _known = [];
    private readonly int _threads = get_num_threads();

    /// <summary>Words that make training evaluated after every step.</summary>
    internal string[] Evaluated => ["--do_eval", "true", "--eval_task_config", Task("eval", PromptLines("prompts_eval.jsonl", 6)), "--eval_steps", "1"];

    /// <summary>Words of a word list as reward.</summary>
    internal static string[] Lexicon =>
        ["--reward_model_name_or_path", "none", "--reward_function", "lexicon", "--reward_lexicon", RepositoryPaths.Shared("data", "vader_lexicon.txt")];

    internal static string Actor => RepositoryPaths.Shared("models", "stories260k");

    internal static string Reward => RepositoryPaths.Shared("models", "stories260k-reward");

    /// <summary>Path below the folder of all runs.</summary>
    internal string At(string name) => _folder.At(name);

    /// <summary>Writes a file below the folder of all runs.</summary>
    internal string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Writes a task file with one source of these lines.</summary>
    internal string Task(string name, IEnumerable<string> lines)
    {
        Write($"{name}.jsonl", string.Concat(lines.Select(line => line + "\n")));
        return Write($"{name}.json", $"[{{\"filepath\": \"{name}.jsonl\"}}]");
    }

    /// <summary>The first lines of a file of prompts.</summary>
    internal static IEnumerable<string> PromptLines(string file, int count) =>
        File.ReadLines(RepositoryPaths.Shared("data", "stories_prompts", file)).Take(count);

    /// <summary>Runs <c>ppo</c> with more words; the same words run once.</summary>
    internal TinyRun Run(params string[] more)
    {
        string key = string.Join('\n', more);
        if (!_known.TryGetValue(key, out TinyRun? run))
        {
            run = RunIn(_folder.At(string.Create(CultureInfo.InvariantCulture, $"run{_known.Count}")), more);
            _known.Add(key, run);
        }

        return run;
    }

    /// <summary>Runs <c>ppo</c> with an output folder of the caller's choice, each time anew.</summary>
    internal TinyRun RunIn(string outputDir, params string[] more)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using var scope = NewDisposeScope();
        ExitCode exitCode = CommandDispatcher.Run(
            ["ppo", .. Least(outputDir), .. more], new CommandConsole { Output = output, Error = error }, new Dictionary<string, IRewardFunction>());
        return new TinyRun(exitCode, output.ToString(), error.ToString(), outputDir);
    }

    public void Dispose()
    {
        set_num_threads(_threads);
        _folder.Dispose();
    }

    /// <summary>Two steps of two optimizer steps each on 4 responses of at most 8 tokens.</summary>
    private string[] Least(string outputDir) =>
    [
        "--do_train", "true", "--train_task_config", Task("train", PromptLines("prompts_train.jsonl", 12)),
        "--actor_model_name_or_path", Actor, "--reward_model_name_or_path", Reward, "--output_dir", outputDir,
        "--max_seq_len", "64", "--max_dec_len", "8", "--per_device_prompt_batch_size", "4", "--per_device_train_batch_size", "2",
        "--gradient_accumulation_steps", "1", "--max_steps", "2", "--learning_rate", "1e-3", "--lr_scheduler_type", "constant",
        "--critic_lr_scheduler_type", "constant", "--save_strategy", "no", "--log_samples_per_step", "100", "--num_threads", "1",
    ];
}
