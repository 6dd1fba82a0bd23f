using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.Cli;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.Tests.Cli.Arguments;
using Proxima.TestSupport;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Reliability.NonFinite;

/// <summary>
/// Short runs of the command line, in this process, on the arithmetic models: three steps that see each line of the data once, every step logged and
/// saved. Some lines hold the word that the faulty models cannot read, or a label that makes a reward function misbehave.
/// </summary>
internal sealed class FaultyRun : IDisposable
{
    private const int FaultyWord = 24; // "Please"

    private static readonly string[] Common =
    [
        "--max_steps", "3", "--save_steps", "1", "--logging_steps", "1", "--max_seq_len", "64", "--num_threads", "1", "--learning_rate", "1e-3",
        "--lr_scheduler_type", "constant", "--report_to", "none",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly int _threads = get_num_threads();

    public static string Actor => RepositoryPaths.InRepository("models", "arithmetic-actor");

    public static string Reward => RepositoryPaths.InRepository("models", "arithmetic-reward");

    public string FaultyActor => FaultyModel.Copy(Actor, _folder.At("actor"), FaultyWord);

    public string FaultyReward => FaultyModel.Copy(Reward, _folder.At("reward"), FaultyWord);

    /// <summary>A task with one line for each name: good, faulty (the word that models cannot read), nan or huge (what the reward function makes of it).</summary>
    /// <param name="name">of the task</param>
    /// <param name="lines">one letter for each line: g, f, n or h</param>
    /// <param name="form">a line of the data, with PROMPT and LABEL in it</param>
    public string Task(string name, string lines, string form = "{\"src\": [\"PROMPT\"], \"tgt\": [], \"label\": \"LABEL\"}")
    {
        IEnumerable<string> texts = lines.Select((kind, i) => form
            .Replace("PROMPT", kind == 'f' ? $"Please add {i} and 3" : $"How much is {i} plus 3?", StringComparison.Ordinal)
            .Replace("LABEL", kind switch { 'n' => "nan", 'h' => "huge", _ => "good" }, StringComparison.Ordinal));
        _folder.Write($"{name}.jsonl", string.Concat(texts.Select(text => text + "\n")));
        return _folder.Write($"{name}.json", $"[{{\"filepath\": \"{name}.jsonl\"}}]");
    }

    /// <summary>Three steps of PPO on two prompts each, two optimizer steps a step.</summary>
    public TinyRun Ppo(string task, params string[] more) => Run(
    [
        "ppo", "--do_train", "true", "--train_task_config", task, "--actor_model_name_or_path", Actor, "--critic_model_name_or_path", Reward, "--max_dec_len", "4",
        "--per_device_prompt_batch_size", "2", "--per_device_train_batch_size", "1", "--gradient_accumulation_steps", "1", .. more,
    ]);

    /// <summary>Three steps of sft or reward on a line each.</summary>
    public TinyRun Stage(string command, string model, string task) =>
        Run([command, "--model_name_or_path", model, "--train_task_config", task, "--per_device_train_batch_size", "1"]);

    public void Dispose()
    {
        set_num_threads(_threads);
        _folder.Dispose();
    }

    /// <summary>Steps that the log names as skipped, each line with a text.</summary>
    public static IReadOnlyList<int> SkippedSteps(TinyRun run, string why) =>
        [.. Regex.Matches(run.Output, $"^.*step ([0-9]+) skipped: .*{Regex.Escape(why)}", RegexOptions.Multiline).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    /// <summary>Fails unless these checkpoints are there, all of them whole.</summary>
    public static void AssertWhole(TinyRun run, params int[] steps)
    {
        Assert.Equal(steps, run.Checkpoints);
        Assert.All(steps, step => Assert.Null(CheckpointManifest.Damage(run.At($"checkpoint-{step}"))));
    }

    private TinyRun Run(string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using var scope = NewDisposeScope();
        string folder = _folder.At("run");
        ExitCode exitCode = CommandDispatcher.Run(
            [.. words[..1], "--output_dir", folder, .. Common, .. words[1..]], new CommandConsole { Output = output, Error = error },
            new Dictionary<string, IRewardFunction> { ["label"] = new LabelReward() });
        return new TinyRun(exitCode, output.ToString(), error.ToString(), folder);
    }

    private sealed class LabelReward : IRewardFunction
    {
        public double Score(ScoredAnswer answer) => answer.Dialogue.Label switch
        {
            "nan" => double.NaN,
            "huge" => 1e37, // its square is infinite
            _ => answer.TokenCount,
        };
    }
}
