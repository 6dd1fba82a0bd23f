using System.Text.Json;
using Proxima.EndToEnd.Tests;

namespace Proxima.Parallel.Tests;

/// <summary>The bytes that are counted are those of the formulas in docs/distributed.md.</summary>
public sealed class BytesTests
{
    private const int Ranks = 2;
    private const int Rows = 32;
    private const int Width = 12;
    private const int OptimizerSteps = 4; // of a step
    private const int MicroBatches = 4; // of a rank, in an optimizer step

    private static readonly string[] Fixed =
    [
        "--max_steps", "2", "--do_eval", "false", "--save_strategy", "no", "--ptx_task_config", "",
        "--ignore_eos", "true", "--stop_strings", "none", "--min_dec_len", $"{Width}",
    ];

    [Theory, Trait("Speed", "Slow")]
    [InlineData("")]
    [InlineData("stage1")]
    [InlineData("stage2")]
    [InlineData("stage3")]
    public async Task Bytes_of_a_step_equal_the_formula(string stage)
    {
        using var run = new SmallRun();
        await run.OnRanksAsync("run", MpiName.OpenMpi, Ranks, [.. Fixed, "--sharding", stage]);

        (long N, long L) actor = Numbers(run["run", "actor", "model.safetensors"]);
        (long N, long L) critic = Numbers(run["run", "critic", "model.safetensors"]);
        long N = 4 * (actor.N + critic.N); // bytes of the models that learn
        long L = 4 * (actor.L + critic.L); // and of the matrices of their layers
        long frozen = N; // reference and reward model are as large
        long grid = 4 * 4 * Rows * Width;
        long Half(long bytes) => bytes * (Ranks - 1) / Ranks;
        (long allReduce, long reduceScatter, long allGather) = stage switch
        {
            "" => (OptimizerSteps * 2 * Half(N), 0L, 0L),
            "stage1" => (0, OptimizerSteps * Half(N), OptimizerSteps * Half(N)),
            "stage2" => (0, OptimizerSteps * MicroBatches * Half(N), OptimizerSteps * Half(N)),
            _ => (0, OptimizerSteps * MicroBatches * Half(N),
                (OptimizerSteps * ((MicroBatches * 2 * Half(L)) + Half(N - L))) + Half(L) + Half(frozen)),
        };
        Assert.Equal((2 * Half(grid)) + allReduce, Sent(run, "all_reduce"));
        Assert.Equal(reduceScatter, Sent(run, "reduce_scatter"));
        Assert.Equal(allGather, Sent(run, "all_gather"));
        Assert.InRange(Sent(run, "exchange"), 1, 100_000); // tokens with two numbers each, scores, losses

        string[] plan = ["plan", .. run.Words("plan", Ranks, [.. Fixed, "--sharding", stage])[1..], "--ranks", $"{Ranks}", "--json"];
        using RunningCommand planning = Mpirun.StartAlone(plan);
        JsonElement planned = JsonDocument.Parse((await planning.EndAsync()).Expect(0).Output).RootElement.GetProperty("ranks").EnumerateArray()
            .Single(row => row.GetProperty("sharding").GetString() == stage);
        double sent = new[] { "all_reduce", "reduce_scatter", "all_gather", "exchange" }.Sum(collective => Sent(run, collective));
        Assert.InRange(planned.GetProperty("bytes_sent").GetDouble() / sent, 0.999, 1.001); // of the exchange only the rollout is planned
    }

    private static long Sent(SmallRun run, string collective) => (long)Math.Round(run.Metric("run", $"communication/{collective}_gb")[2] * 1e9);

    /// <summary>Numbers of a safetensors file, and those of its matrices within layers.</summary>
    private static (long All, long OfLayers) Numbers(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, BitConverter.ToInt32(file, 0)));
        (long all, long ofLayers) = (0, 0);
        foreach (JsonProperty tensor in header.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__"))
        {
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            long count = shape.Aggregate(1L, (product, size) => product * size);
            all += count;
            ofLayers += tensor.Name.Contains(".layers.", StringComparison.Ordinal) && shape.Length == 2 ? count : 0;
        }

        return (all, ofLayers);
    }
}
