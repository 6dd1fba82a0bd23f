using Parquet.Serialization;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Every command of the documentation is run, in a folder with stand-ins for the user's models, data and runs, and shortened.</summary>
[Trait("Speed", "Slow")]
public sealed class DocumentedCommandTests : IDisposable
{
    /// <summary>Other programs: scripts that a test of their own runs (or scripts/test.sh --full), and tools that are not Proxima's.</summary>
    private static readonly string[] RunElsewhere =
    [
        "bash scripts/install_train_env.sh cpu", "bash scripts/ppo.sh", "bash scripts/quatrain.sh", "bash scripts/get_smollm2.sh", "bash scripts/bench.sh", "bash scripts/test.sh", "bash scripts/package.sh artifacts/package",
        "bash scripts/gpu_check.sh pack artifacts/gpu_check",
        "dotnet tool install Proxima ", "dotnet package download ", "artifacts/package/proxima-linux-x64/proxima ", "dotnet build tests/", "dotnet test tests/",
    ];

    /// <summary>What makes a command of this name short.</summary>
    private static readonly Dictionary<string, string> Shorter = new()
    {
        ["ppo"] = "--max_steps 1 --min_dec_len 1 --max_dec_len 4 --max_prompt_len 40 --max_seq_len 64 --per_device_prompt_batch_size 4 --num_return_sequences 1 --per_device_train_batch_size 4 "
            + "--gradient_accumulation_steps 1 --max_evaluate_steps 1 --overwrite_output_dir true",
        ["plan"] = "--max_dec_len 4 --max_prompt_len 500 --max_seq_len 512 --per_device_prompt_batch_size 4 --num_return_sequences 1 --per_device_train_batch_size 4 "
            + "--gradient_accumulation_steps 1",
        ["sft"] = "--max_steps 1 --max_seq_len 64 --per_device_train_batch_size 1 --gradient_accumulation_steps 1 --overwrite_output_dir true",
        ["reward"] = "--max_steps 1 --max_seq_len 64 --per_device_train_batch_size 1 --gradient_accumulation_steps 1 --max_evaluate_steps 1 --overwrite_output_dir true",
        ["generate"] = "--max_dec_len 4",
        ["eval"] = "--max_dec_len 4 --max_evaluate_steps 1",
        ["compare"] = "--max_dec_len 4 --max_evaluate_steps 1",
    };

    /// <summary>What one command of the documentation writes and another reads.</summary>
    private const string InitialConfig = "mine/ppo.json";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Root => _folder.At("repository");

    public static TheoryData<string> Commands => [.. DocumentedCommands.OfProxima];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_of_the_documentation_runs(string line)
    {
        await PrepareAsync();
        if (line.Contains(InitialConfig, StringComparison.Ordinal))
        {
            Write(InitialConfig, """{"do_train": true, "train_task_config": "config/task_ppo.json", "actor_model_name_or_path": "models/actor", "reward_model_name_or_path": "models/reward", "output_dir": "runs/mine"}""");
        }

        string[] words = [.. DocumentedCommands.Words(line)];
        bool isHelp = words.Contains("--help");
        bool isComparisonWithoutTask = words[0] == "compare" && !words.Contains("--eval_task_config");
        string[] shorter = isHelp || isComparisonWithoutTask || !Shorter.TryGetValue(words[0], out string? more) ? [] : more.Split(' ');

        // What is said in the documentation itself stays, but for the number of steps.
        string[] added = [.. shorter.Chunk(2).Where(pair => pair[0] == "--max_steps" || !words.Contains(pair[0])).SelectMany(pair => pair)];
        using RunningCommand command = CommandLine.StartIn(Root, words.Concat(added));
        if (words[0] == "dashboard")
        {
            await Task.Delay(2000, Cancelled);
            Assert.False(command.HasEnded);
            await command.SignalAsync("TERM");
        }

        // Without a terminal "init" alone cannot ask; it says what it needs.
        (await command.EndAsync()).Expect(line == "init" ? 2 : 0);
    }

    [Fact]
    public void Every_other_command_is_known_to_be_run_elsewhere()
    {
        string[] others = [.. DocumentedCommands.All.Where(line => !line.Contains('[', StringComparison.Ordinal))
            .Where(line => !line.StartsWith("proxima ", StringComparison.Ordinal) && !line.Contains("proxima.dll ", StringComparison.Ordinal) && !line.StartsWith("bash scripts/ppo.sh ", StringComparison.Ordinal))];

        Assert.All(others, line => Assert.Contains(RunElsewhere, known => line.StartsWith(known, StringComparison.Ordinal)));
        Assert.All(RunElsewhere, known => Assert.Contains(others, line => line.StartsWith(known, StringComparison.Ordinal)));
    }

    /// <summary>A folder like the repository with everything that the commands name.</summary>
    private async Task PrepareAsync()
    {
        string actor = RepositoryPaths.Shared("models", "stories260k");
        string reward = RepositoryPaths.Shared("models", "stories260k-reward");
        Link(RepositoryPaths.Shared(), "..", "shared");
        foreach (string name in new[] { "config", "samples" })
        {
            Link(RepositoryPaths.InRepository(name), name);
        }

        foreach (string folder in new[] { "data", "models" })
        {
            Directory.CreateDirectory(Path.Combine(Root, folder));
            foreach (string entry in Directory.EnumerateFileSystemEntries(RepositoryPaths.InRepository(folder)))
            {
                Link(entry, folder, Path.GetFileName(entry));
            }
        }

        foreach (string[] place in new string[][] { ["models", "actor"], ["models", "base"], ["my-actor"], ["runs", "ppo", "actor"], ["artifacts", "models", "smollm2-135m-instruct"] })
        {
            Link(actor, place);
        }

        foreach (string[] place in new string[][] { ["models", "reward"], ["my-reward"], ["runs", "stories_reward", "model"] })
        {
            Link(reward, place);
        }

        foreach (string run in new[] { "first", "second", "third" })
        {
            Link(actor, "runs", run, "actor");
            Write($"runs/{run}/metrics.jsonl", "{\"step\":1,\"objective/score_mean\":0.5}\n{\"step\":2,\"objective/score_mean\":0.75}\n");
            Write($"runs/{run}/run_config.json", $"{{\"output_dir\": \"{run}\"}}");
        }

        const string Chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n";
        const string Prompt = "{\"src\": [\"Once upon a time\"], \"tgt\": []}\n";
        Write("chats.jsonl", Chat);
        Write("chat.jsonl", Chat);
        Write("prompts.jsonl", "{\"prompt\": \"Once upon a time\"}\n");
        Write("my.jsonl", Prompt);
        Write("data/mine.jsonl", Prompt);
        Write("ppo_run.sh", "python3 -m openrlhf.cli.train_ppo_ray --pretrain models/actor --actor_learning_rate 5e-7\n");
        Write("ppo_config.yaml", "sft_model_path: models/actor\nresponse_length: 53\n");
        Write("ppo_config.json", "{\"actor_model_name_or_path\": \"models/actor\", \"max_dec_len\": 64}\n");
        foreach (string name in new[] { "train-00000.parquet", "train-00001.parquet" })
        {
            await using FileStream file = File.Create(Path.Combine(Root, name));
            await ParquetSerializer.SerializeAsync([new Pair { prompt = "p", chosen = "c", rejected = "r" }], file, cancellationToken: Cancelled);
        }
    }

    private void Write(string name, string text) => _folder.Write($"repository/{name}", text);

    private void Link(string target, params string[] place)
    {
        string path = Path.GetFullPath(Path.Combine([Root, .. place]));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    private sealed class Pair
    {
#pragma warning disable IDE1006 // The names of the columns.
        public string prompt { get; set; } = "";

        public string chosen { get; set; } = "";

        public string rejected { get; set; } = "";
#pragma warning restore IDE1006
    }
}
