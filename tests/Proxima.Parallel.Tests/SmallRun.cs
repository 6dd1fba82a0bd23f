using System.IO.Compression;
using System.Text.Json;
using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

/// <summary>A short PPO run on the stories model that can be divided among 1, 2, 4 or 8 ranks, and what two such runs must have in common.</summary>
internal sealed class SmallRun : IDisposable
{
    public const int Steps = 3;
    public const double CriticRate = 5e-4; // the higher of the two
    public const int OptimizerStepsPerStep = 4; // 2 passes of 2

    private const int Prompts = 32;
    private const int AccumulationOfAll = 8; // micro-batches of 2 sequences

    /// <summary>Responses of all lengths, most of them cut by max_dec_len, and everything that is computed over all ranks.</summary>
    private static readonly string[] Usual =
    [
        "--max_steps", $"{Steps}", "--save_steps", "2", "--eval_steps", "2", "--max_evaluate_steps", "1", "--eval_num_return_sequences", "1",
        "--per_device_train_batch_size", "2", "--max_dec_len", "12", "--min_dec_len", "1", "--ignore_eos", "false", "--stop_strings", ".",
        "--missing_eos_penalty", "0.5", "--normalize_reward", "true", "--kl_controller", "adaptive", "--kl_target", "0.1",
        "--entropy_coeff", "0.01", "--ptx_task_config", "config/task_sft.json", "--ptx_coeff", "0.5", "--max_prompt_len", "200",
        "--num_threads", "1", "--log_samples_per_step", $"{Prompts}",
    ];

    private readonly TemporaryRun _folder = new();

    public string this[params string[] parts] => _folder[parts];

    /// <summary>The words of a run on so many ranks; with 1 rank it is the run to compare with.</summary>
    public string[] Words(string name, int ranks, params string[] more)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        return
        [
            "ppo", "config/stories_happy.json", "--output_dir", _folder[name], .. Usual,
            "--per_device_prompt_batch_size", $"{Prompts / ranks}", "--per_device_eval_batch_size", $"{Prompts / ranks}",
            "--gradient_accumulation_steps", $"{AccumulationOfAll / ranks}", .. more,
        ];
    }

    /// <summary>Step → value of one metric.</summary>
    public SortedDictionary<int, double> Metric(string name, string metric) => _folder.Metric(name, metric);

    /// <summary>Runs it on one rank, without MPI.</summary>
    public async Task OnOneRankAsync(string name, params string[] more)
    {
        using RunningCommand command = Mpirun.StartAlone(Words(name, 1, more));
        (await command.EndAsync()).Expect(0);
    }

    public async Task OnRanksAsync(string name, MpiName mpi, int ranks, params string[] more) =>
        (await Mpirun.ProximaAsync(mpi, ranks, Words(name, ranks, more))).Expect(0);

    /// <summary>Fails unless the tokens of the first step are equal, losses nearly so, and weights but for rounding.</summary>
    public void AssertSame(string first, string second)
    {
        Assert.Equal(Tokens(first), Tokens(second));
        foreach (string metric in new[] { "policy/loss", "critic/loss", "ptx/loss", "objective/score_mean", "objective/kl_coeff", "eval/reward_mean" })
        {
            double[] expected = [.. _folder.Metric(first, metric).Values];
            double[] actual = [.. _folder.Metric(second, metric).Values];
            Assert.NotEmpty(expected);
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, (1e-5 * Math.Abs(pair.First)) + 1e-7));
        }

        foreach (string model in new[] { "actor", "critic" })
        {
            float[] differences = [.. Weights(first, model).Zip(Weights(second, model), (a, b) => Math.Abs(a - b)).Order()];
            Assert.InRange(differences[^1], 0, 2 * CriticRate * Steps * OptimizerStepsPerStep);
            Assert.InRange(differences[(int)(0.999 * differences.Length)], 0, 1e-6);
        }
    }

    /// <summary>Fails unless the losses of the first step are those of the other run, and weights differ by no more than 16-bit rounding brings about.</summary>
    public void AssertNear(string first, string second)
    {
        foreach (string metric in new[] { "policy/loss", "critic/loss" })
        {
            Assert.InRange(Math.Abs(_folder.Metric(first, metric)[1] - _folder.Metric(second, metric)[1]), 0, 1e-3);
        }

        foreach (string model in new[] { "actor", "critic" })
        {
            float[] differences = [.. Weights(first, model).Zip(Weights(second, model), (a, b) => Math.Abs(a - b)).Order()];
            Assert.InRange(differences[^1], 0, 2 * CriticRate * Steps * OptimizerStepsPerStep);
            Assert.InRange(differences[differences.Length / 2], 0, CriticRate / 2);
        }
    }

    /// <summary>Fails unless two runs ended with the same bits.</summary>
    public void AssertSameWeights(string first, string second)
    {
        foreach (string model in new[] { "actor", "critic" })
        {
            Assert.Equal(File.ReadAllBytes(_folder[first, model, "model.safetensors"]), File.ReadAllBytes(_folder[second, model, "model.safetensors"]));
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The responses of step 1 in the order of the rollout.</summary>
    private List<string> Tokens(string name)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(_folder[name, "samples.jsonl.gz"]), CompressionMode.Decompress));
        List<string> tokens = [];
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("step").GetInt32() == 1)
            {
                tokens.Add(document.RootElement.GetProperty("response_ids").GetRawText());
            }
        }

        Assert.Equal(Prompts, tokens.Count);
        return tokens;
    }

    /// <summary>Every float32 of a safetensors file, in the order of the file.</summary>
    private float[] Weights(string name, string model)
    {
        byte[] file = File.ReadAllBytes(_folder[name, model, "model.safetensors"]);
        int start = 8 + BitConverter.ToInt32(file, 0);
        float[] weights = new float[(file.Length - start) / sizeof(float)];
        Buffer.BlockCopy(file, start, weights, 0, weights.Length * sizeof(float));
        return weights;
    }
}
