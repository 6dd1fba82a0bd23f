using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Proxima.Core.Runs;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

public sealed class RepeatabilityTests
{
    private static readonly string[] ShortRun = [
        "--max_steps", "4", "--eval_steps", "2", "--save_steps", "2", "--per_device_prompt_batch_size", "16", "--num_threads", "1", "--max_evaluate_steps", "1"];

    [Fact]
    public async Task The_same_seed_gives_the_same_weights_and_metrics_twice()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "first");
        await TrainAsync(run, "second");
        RunFiles.AssertSameRun(run, "first", "second");
    }

    /// <summary>Where tensors lie changes no bit (docs/adr/tensor-heap.md).</summary>
    [Fact]
    public async Task Tensors_in_malloc_give_the_same_weights_and_metrics()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "heap");
        ProcessStartInfo start = CommandLine.StartInfo(Arguments(run, "malloc"));
        start.Environment["PROXIMA_HEAP"] = "malloc";
        using (var command = new RunningCommand(start))
        {
            (await command.EndAsync()).Expect(0);
        }

        RunFiles.AssertSameRun(run, "heap", "malloc");
    }

    [Fact]
    public async Task Another_seed_gives_other_weights()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "first");
        await TrainAsync(run, "second", "--seed", "7");
        Assert.NotEqual(
            await File.ReadAllBytesAsync(run["first", "actor", "model.safetensors"], TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(run["second", "actor", "model.safetensors"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_resumed_run_ends_where_the_whole_one_does()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "whole");
        await TrainAsync(run, "parts", "--max_steps", "2");
        Directory.Delete(run["parts", "actor"], recursive: true);
        await TrainAsync(run, "parts", "--resume_from_checkpoint", "auto");
        RunFiles.AssertSameRun(run, "whole", "parts");
        Assert.Equal(RunFiles.Samples(run["whole", "samples.jsonl.gz"]), RunFiles.Samples(run["parts", "samples.jsonl.gz"]));
        Assert.Single(Directory.GetFiles(run["whole", "runs"]));
        Assert.Equal(2, Directory.GetFiles(run["parts", "runs"]).Length);
        AssertRecord(run["parts", "run_record.json"], firstSteps: [0, 2]);
    }

    [Fact]
    public async Task A_resumed_run_keeps_the_kernel_that_it_began_with()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "whole", "--compute_kernel", "bf16_managed");
        await TrainAsync(run, "parts", "--compute_kernel", "bf16_managed", "--max_steps", "2");
        await TrainAsync(run, "parts", "--resume_from_checkpoint", "auto");
        RunFiles.AssertSameRun(run, "whole", "parts");
        foreach (string file in new[] { run["parts", "run_config.json"], run["parts", "checkpoint-2", "trainer_state.json"] })
        {
            using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal("bf16_managed", document.RootElement.GetProperty("compute_kernel").GetString());
        }
    }

    [Theory]
    [InlineData("O1")]
    [InlineData("O2")]
    public async Task A_resumed_run_in_bf16_ends_where_the_whole_one_does_and_keeps_its_type_of_products(string level)
    {
        string[] precision = ["--bf16", "true", "--fp16_opt_level", level];
        using var run = new TemporaryRun();
        await TrainAsync(run, "whole", precision);
        await TrainAsync(run, "parts", [.. precision, "--max_steps", "2"]);
        Directory.Delete(run["parts", "actor"], recursive: true);
        await TrainAsync(run, "parts", [.. precision, "--resume_from_checkpoint", "auto"]);
        RunFiles.AssertSameRun(run, "whole", "parts");

        // A checkpoint of a machine that multiplies the other type faster goes on with that type.
        string path = run["parts", "checkpoint-2", "trainer_state.json"];
        string state = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        string other = state.Contains("\"bf16_products\": \"BFloat16\"", StringComparison.Ordinal)
            ? state.Replace("\"BFloat16\"", "\"Float32\"", StringComparison.Ordinal)
            : state.Replace("\"bf16_products\": \"Float32\"", "\"bf16_products\": \"BFloat16\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, other, TestContext.Current.CancellationToken);
        CheckpointManifest.Write(run["parts", "checkpoint-2"]);
        await TrainAsync(run, "parts", [.. precision, "--resume_from_checkpoint", run["parts", "checkpoint-2"]]);
        string[] starts = Precisions(run["parts", "run_record.json"]);
        Assert.Equal(3, starts.Length);
        Assert.Equal(starts[0], starts[1]);
        Assert.NotEqual(starts[1], starts[2]);
        Assert.All(starts, start => Assert.StartsWith($"bf16 {level}, products in ", start, StringComparison.Ordinal));
    }

    private static string[] Precisions(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("starts").EnumerateArray().Select(start => start.GetProperty("precision").GetString()!)];
    }

    private static void AssertRecord(string path, int[] firstSteps)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement[] starts = [.. document.RootElement.GetProperty("starts").EnumerateArray()];
        Assert.Equal(firstSteps, starts.Select(start => start.GetProperty("after_step").GetInt32()));
        Assert.All(starts, start =>
        {
            Assert.StartsWith("2.10.0", start.GetProperty("libtorch").GetString(), StringComparison.Ordinal);
            Assert.Equal(1, start.GetProperty("threads").GetInt32());
            Assert.Equal(
                Sha256(RepositoryPaths.Shared("models", "stories260k", "model.safetensors")),
                start.GetProperty("models").GetProperty("actor").GetProperty("files").GetProperty("model.safetensors").GetString());
            string[] data = [.. start.GetProperty("data").EnumerateObject().Select(file => Path.GetFileName(file.Name)).Order(StringComparer.Ordinal)];
            Assert.Equal(["prompts_eval.jsonl", "prompts_train.jsonl", "task_stories_eval.json", "task_stories_train.json", "vader_lexicon.txt"], data);
        });
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    [Fact]
    public async Task Saved_folders_differ_from_their_sources_in_weights_alone()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "run");
        Assert.Equal([2, 4], run.Metric("run", "time/save_s").Keys);
        AssertSameButWeights(RepositoryPaths.Shared("models", "stories260k"), run["run", "actor"]);
        AssertSameButWeights(RepositoryPaths.Shared("models", "stories260k-reward"), run["run", "critic"]);
    }

    private static void AssertSameButWeights(string source, string saved)
    {
        foreach (string name in new[] { "config.json", "tokenizer.json", "tokenizer_config.json" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(source, name)), File.ReadAllBytes(Path.Combine(saved, name)));
        }

        const string Weights = "model.safetensors";
        byte[] before = File.ReadAllBytes(Path.Combine(source, Weights));
        byte[] after = File.ReadAllBytes(Path.Combine(saved, Weights));
        Assert.Equal(Header(before), Header(after));
        Assert.NotEqual(before, after);
        Assert.Equal(4, Directory.GetFiles(saved).Length);
    }

    /// <summary>Name → dtype and shape of every tensor of a safetensors file.</summary>
    private static SortedDictionary<string, string> Header(byte[] file)
    {
        int length = BitConverter.ToInt32(file, 0);
        using JsonDocument document = JsonDocument.Parse(file.AsMemory(8, length));
        SortedDictionary<string, string> header = new(StringComparer.Ordinal);
        foreach (JsonProperty tensor in document.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__"))
        {
            header.Add(tensor.Name, tensor.Value.GetProperty("dtype").GetString() + tensor.Value.GetProperty("shape").GetRawText());
        }

        return header;
    }

    private static async Task TrainAsync(TemporaryRun run, string name, params string[] more) =>
        (await CommandLine.RunAsync(Arguments(run, name, more))).Expect(0);

    private static string[] Arguments(TemporaryRun run, string name, params string[] more)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        return ["ppo", "config/stories_happy.json", "--output_dir", run[name], .. ShortRun, .. more];
    }
}
