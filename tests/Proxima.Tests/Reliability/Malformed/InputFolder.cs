using System.Text;
using Proxima.Cli;
using Proxima.Core;
using Proxima.TestSupport;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>Everything that a small run reads, all of it right to begin with.</summary>
internal sealed class InputFolder : IDisposable
{
    public const string Config = "config.json";
    public const string Data = "data.jsonl";
    public const string Task = "task.json";
    public const string Model = "model";

    private readonly TemporaryFolder _folder = new();

    public InputFolder()
    {
        Write(Config, "{}");
        Write(Data, "{\"src\": [\"1 + 1 = ?\"], \"tgt\": [], \"label\": \"2\"}\n{\"src\": [\"2 + 1 = ?\"], \"tgt\": [], \"label\": \"3\"}\n");
        Write(Task, $"[{{\"filepath\": \"{Data}\"}}]");
        foreach (string file in Directory.GetFiles(RepositoryPaths.InRepository("models", "arithmetic-actor")))
        {
            Write($"{Model}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        }
    }

    public string At(params string[] parts) => _folder.At(parts);

    public byte[] Read(string file) => File.ReadAllBytes(_folder.At(file));

    public void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    public void Write(string file, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(file))!);
        File.WriteAllBytes(_folder.At(file), content);
    }

    public void Delete(string file) => File.Delete(_folder.At(file));

    /// <summary>Every path below the folder, files with their length.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. _folder.Entries().Select(entry => File.Exists(At(entry)) ? $"{entry} {new FileInfo(At(entry)).Length}" : entry)];

    /// <summary>A step of PPO.</summary>
    public (ExitCode ExitCode, string Error) RunPpo(IEnumerable<string> more) => Run(
    [
        "ppo", At(Config), "--do_train", "true", "--train_task_config", At(Task), "--actor_model_name_or_path", At(Model), "--output_dir", At("out"),
        "--reward_function", "length", "--reward_target_length", "3", "--max_seq_len", "64", "--max_dec_len", "4", "--per_device_prompt_batch_size", "2",
        "--max_steps", "1", "--num_threads", "1", .. more,
    ]);

    /// <summary>An evaluation by a reward server: it writes nothing.</summary>
    public (ExitCode ExitCode, string Error) RunEval(string server) => Run(
    [
        "eval", "--model_name_or_path", At(Model), "--eval_task_config", At(Task), "--reward_server", server, "--reward_server_retries", "0",
        "--reward_server_timeout_s", "5", "--max_seq_len", "64", "--max_dec_len", "4", "--num_threads", "1",
    ]);

    public void Dispose() => _folder.Dispose();

    private static (ExitCode ExitCode, string Error) Run(string[] words)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using var scope = NewDisposeScope();
        ExitCode exitCode = CommandDispatcher.Run(
            words, new CommandConsole { Output = output, Error = error }, new Dictionary<string, IRewardFunction>());
        return (exitCode, error.ToString());
    }
}
