using System.Diagnostics;
using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.Gpu.Tests;

/// <summary>Whole runs of the command line on a GPU.</summary>
public sealed class RunTests
{
    private const string Gold = "eval/gold_mean";

    [Theory]
    [InlineData]
    [InlineData("--bf16", "true", "--fp16_opt_level", "O2")]
    [InlineData("--fp16", "true", "--fp16_opt_level", "O2")]
    public async Task Stories_become_as_happy_as_on_the_CPU(params string[] precision)
    {
        Gpu.Get();
        RepositoryPaths.Shared("models", "stories260k-reward");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        using var folder = new TemporaryFolder();
        await RunAsync(["ppo", "config/stories_happy.json", "--device", "cuda:0", "--seed", "1", "--output_dir", folder.At("run"), .. precision]);

        // The band of the references: docs/curves.md.
        SortedDictionary<int, double> gold = Metric(folder.At("run"), Gold);
        Assert.InRange(gold[0], 0.2, 0.3);
        Assert.InRange(gold.Where(pair => pair.Key >= 20).Average(pair => pair.Value), 0.75, 1);
        Assert.InRange(Metric(folder.At("run"), "eval/kl_per_seq").Values.Max(), 0, 6);
    }

    [Fact]
    public async Task A_run_that_was_saved_on_the_GPU_goes_on_on_the_CPU()
    {
        Gpu.Get();
        RepositoryPaths.Shared("models", "stories260k-reward");
        using var folder = new TemporaryFolder();
        string[] arguments = ["ppo", "config/stories_happy.json", "--max_steps", "4", "--save_steps", "2", "--evaluation_strategy", "no"];
        await RunAsync([.. arguments, "--device", "cuda", "--output_dir", folder.At("gpu")]);
        await RunAsync([.. arguments, "--device", "cpu", "--output_dir", folder.At("cpu"), "--resume_from_checkpoint", folder.At("gpu", "checkpoint-2")]);

        double onGpu = Metric(folder.At("gpu"), "objective/score_mean")[3];
        double onCpu = Metric(folder.At("cpu"), "objective/score_mean")[3];
        Assert.Equal(onGpu, onCpu, 0.05); // the same prompts and random numbers; single draws fall at an edge
    }

    private static async Task RunAsync(string[] arguments)
    {
        string packed = Path.Combine(AppContext.BaseDirectory, "proxima");
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string built = RepositoryPaths.InRepository("artifacts", "bin", "Proxima.Cli", configuration, "proxima.dll");
        ProcessStartInfo start = File.Exists(packed) ? new(packed, arguments) : new("dotnet", [built, .. arguments]);
        (start.WorkingDirectory, start.RedirectStandardError) = (RepositoryPaths.Root, true);
        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"proxima {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors}");
    }

    private static SortedDictionary<int, double> Metric(string run, string name)
    {
        SortedDictionary<int, double> values = [];
        foreach (string line in File.ReadLines(Path.Combine(run, "metrics.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty(name, out JsonElement value))
            {
                values.Add(document.RootElement.GetProperty("step").GetInt32(), value.GetDouble());
            }
        }

        return values;
    }
}
