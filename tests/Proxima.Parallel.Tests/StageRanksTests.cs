using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

/// <summary>The stages before PPO on several ranks: the numbers are those of one with the same global batch.</summary>
public sealed class StageRanksTests : IDisposable
{
    private const double Rate = 5e-4;
    private const int Steps = 6;

    private static readonly string[] Usual =
    [
        "--max_steps", $"{Steps}", "--save_steps", "4", "--eval_steps", "3", "--max_evaluate_steps", "5", "--num_threads", "1", "--max_seq_len", "128",
        "--per_device_train_batch_size", "2", "--learning_rate", $"{Rate}", "--lr_scheduler_type", "constant",
    ];

    private readonly TemporaryRun _run = new();

    [Theory, Trait("Speed", "Slow")]
    [InlineData("sft", "sft/loss", "eval/loss")]
    [InlineData("reward", "reward/loss", "eval/accuracy")]
    public async Task Ranks_learn_as_one_and_each_stage_divides_a_copy_of_the_same_run(string command, string loss, string evaluation)
    {
        string[] words = Words(command);
        await OnOneRankAsync("one", words);
        foreach (string sharding in new[] { "", "stage1", "stage2", "stage3" })
        {
            await OnRanksAsync($"two {sharding}", 2, [.. words, "--sharding", sharding]);
            AssertSame($"two {sharding}", loss, evaluation);
        }

        Assert.All(_run.Metric("two stage2", "communication/reduce_scatter_gb").Values, sent => Assert.True(sent > 0));
        await OnRanksAsync("groups", 4, [.. words, "--sharding", "stage3", "--sharding_parallel_degree", "2"]);
        AssertSame("groups", loss, evaluation);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_run_of_two_ranks_goes_on_on_four_and_on_one()
    {
        string[] words = Words("sft");
        await OnOneRankAsync("one", words);
        await OnRanksAsync("parts", 2, [.. words, "--sharding", "stage3", "--max_steps", "4"]);
        await OnRanksAsync("parts", 4, [.. words, "--sharding", "stage1", "--resume_from_checkpoint", "auto"]);
        AssertSame("parts", "sft/loss", "eval/loss");
        Directory.Delete(_run["parts", "checkpoint-6"], recursive: true);
        await OnOneRankAsync("parts", [.. words, "--resume_from_checkpoint", "auto"]);
        AssertSame("parts", "sft/loss", "eval/loss");
    }

    /// <summary>The head is scaled by the scores of whole weights, which every rank has by then.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_reward_model_of_divided_master_weights_is_scaled_like_a_whole_one()
    {
        string[] words = [.. Words("reward"), "--bf16", "true", "--fp16_opt_level", "O2", "--scale_score_head", "true"];
        await OnRanksAsync("whole", 2, words);
        await OnRanksAsync("divided", 2, [.. words, "--sharding", "stage3"]);

        float[] differences = [.. Weights("whole").Zip(Weights("divided"), (a, b) => Math.Abs(a - b)).Order()];
        Assert.InRange(differences[differences.Length / 2], 0, Rate / 2); // 16-bit rounding, in both
        Assert.Equal(_run.Metric("whole", "reward/loss")[1], _run.Metric("divided", "reward/loss")[1], 1e-3);
    }

    public void Dispose() => _run.Dispose();

    private static string[] Words(string command)
    {
        string model = RepositoryPaths.Shared("models", "stories260k");
        RepositoryPaths.Shared("data", "stories_prompts");
        return command == "sft"
            ? ["sft", "--model_name_or_path", model, "--train_task_config", "config/task_sft.json", "--eval_task_config", "config/task_sft.json", .. Usual]
            : [
                "reward", "--model_name_or_path", model, "--train_task_config", "config/task_stories_preferences_train.json",
                "--eval_task_config", "config/task_stories_preferences_eval.json", .. Usual,
            ];
    }

    /// <summary>Micro-batches of 2 examples: 4 of one rank, 2 of two, 1 of four.</summary>
    private string[] On(string name, int ranks, string[] words) => [.. words, "--output_dir", _run[name], "--gradient_accumulation_steps", $"{4 / ranks}"];

    private async Task OnOneRankAsync(string name, string[] words)
    {
        using RunningCommand command = Mpirun.StartAlone(On(name, 1, words));
        (await command.EndAsync()).Expect(0);
    }

    private async Task OnRanksAsync(string name, int ranks, string[] words) => (await Mpirun.ProximaAsync(MpiName.OpenMpi, ranks, On(name, ranks, words))).Expect(0);

    private void AssertSame(string name, string loss, string evaluation)
    {
        foreach (string metric in new[] { loss, evaluation })
        {
            SortedDictionary<int, double> expected = _run.Metric("one", metric);
            SortedDictionary<int, double> actual = _run.Metric(name, metric);
            Assert.Equal(metric == loss ? [1, 2, 3, 4, 5, 6] : [0, 3, 6], expected.Keys);
            Assert.Equal(expected.Keys, actual.Keys);
            Assert.All(expected, pair => Assert.InRange(Math.Abs(actual[pair.Key] - pair.Value), 0, 1e-5 * pair.Value));
        }

        float[] differences = [.. Weights("one").Zip(Weights(name), (a, b) => Math.Abs(a - b)).Order()];
        Assert.InRange(differences[^1], 0, 2 * Rate * Steps);
        Assert.InRange(differences[(int)(0.999 * differences.Length)], 0, 1e-6);
    }

    /// <summary>Every float32 of the model that a run ended with.</summary>
    private float[] Weights(string name)
    {
        byte[] file = File.ReadAllBytes(_run[name, "model", "model.safetensors"]);
        int start = 8 + BitConverter.ToInt32(file, 0);
        float[] weights = new float[(file.Length - start) / sizeof(float)];
        Buffer.BlockCopy(file, start, weights, 0, weights.Length * sizeof(float));
        return weights;
    }
}
