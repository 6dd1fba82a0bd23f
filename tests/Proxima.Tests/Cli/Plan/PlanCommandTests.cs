using System.Text.Json;
using Proxima.Cli;
using Proxima.Core;
using Proxima.Tests.Models;
using Proxima.TestSupport;
using Proxima.Training.Rewards;
using static TorchSharp.torch;
using TemporaryFolder = Proxima.TestSupport.TemporaryFolder;

namespace Proxima.Tests.Cli.Plan;

/// <summary>The command on the models and data that ship.</summary>
[Collection(nameof(MemoryCount))]
public sealed class PlanCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly int _threads = get_num_threads();

    public void Dispose()
    {
        set_num_threads(_threads);
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_that_fits_is_planned_phase_by_phase_and_nothing_is_written()
    {
        Assert.Equal(ExitCode.Done, Run("--json", "--ranks", "2"));

        JsonElement root = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.True(root.GetProperty("fits").GetBoolean());
        JsonElement[] phases = [.. root.GetProperty("time").GetProperty("phases").EnumerateArray()];
        Assert.Equal(["rollout", "score", "update", "evaluate"], phases.Select(phase => phase.GetProperty("phase").GetString()));
        Assert.All(phases, phase => Assert.InRange(phase.GetProperty("seconds").GetDouble(), 1e-6, 1e3));
        Assert.Equal(4, root.GetProperty("ranks").GetArrayLength());
        Assert.Equal([1, 2], root.GetProperty("scaling").EnumerateArray().Select(row => row.GetProperty("ranks").GetInt32()));
        Assert.Empty(_folder.Entries());
    }

    [Fact]
    public void A_run_that_cannot_fit_ends_with_2_and_says_how_it_would_fit()
    {
        // Weights alone take some 30 MB beside the process.
        Assert.Equal(ExitCode.Usage, Run("--memory_gb", "0.05"));

        Assert.Contains("No setting makes it fit", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("activations and engine are not counted", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_training_there_is_nothing_to_plan()
    {
        Assert.Equal(ExitCode.Usage, Run("--do_train", "false"));
        Assert.Contains("do_train = false", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_words_it_prints_its_usage()
    {
        Assert.Equal(ExitCode.Usage, CommandDispatcher.Run(["plan"], Console, new Dictionary<string, IRewardFunction>()));
        Assert.StartsWith("Usage: proxima plan CONFIG.json", _error.ToString(), StringComparison.Ordinal);
    }

    private CommandConsole Console => new() { Output = _output, Error = _error };

    private ExitCode Run(params string[] words) => CommandDispatcher.Run(
        [
            "plan", At("config", "arithmetic.json"), "--output_dir", _folder.At("run"), "--num_threads", "1",
            "--train_task_config", At("config", "task_arithmetic_train.json"), "--eval_task_config", At("config", "task_arithmetic_eval.json"),
            "--actor_model_name_or_path", At("models", "arithmetic-actor"), "--critic_model_name_or_path", At("models", "arithmetic-reward"), .. words,
        ],
        Console, new Dictionary<string, IRewardFunction>());

    private static string At(params string[] parts) => RepositoryPaths.InRepository(parts);
}
