using System.Text.Json;
using Proxima.Cli.Plan;
using Proxima.Core.Binding;
using Proxima.Core.Display;
using Proxima.Core.Settings;
using Proxima.Tests.Training.Planning;
using Proxima.Training.Planning;

namespace Proxima.Tests.Cli.Plan;

public sealed class PlanReportTests
{
    private static readonly PlanResult Result = new()
    {
        Batch = TinyPlans.Batch(ranks: 4),
        RolloutTokens = 128,
        MeanPrompt = 4,
        LongestSequence = 9,
        Machine = "fp32, 2 threads",
        Phases = [new(RunPhase.Rollout, 2, 1e12), new(RunPhase.Score, 1, 2e12), new(RunPhase.Update, 5, 6e12), new(RunPhase.Evaluate, 4, 1.1e12)],
        Evaluations = 3,
        PeakFlopsPerSecond = 2e12,
        Memory =
        [
            new("process", new Dictionary<RunPhase, double> { [RunPhase.Rollout] = 2e8, [RunPhase.Update] = 2e8 }),
            new("activations", new Dictionary<RunPhase, double> { [RunPhase.Update] = 1.5e9 }),
        ],
        PeakBytes = 1.7e9,
        MemoryBytes = 8e9,
        Disk = new DiskPlan(Checkpoint: 2e9, Models: 5e8, Saved: 3, Kept: 1, Highest: 4e9),
        DiskBytes = 1e11,
        Plan = new PlanSettings { Ranks = 4 },
        Ranks = [new(Sharding.None, 1.7e9, 3e6, 0.25), new(Sharding.Stage3, 1e9, 9e6, 0.75)],
        Scaling = [new(1, 0, 8, 2, 1), new(4, 2, 10, 6.4, 0.8)],
        Refusals = [],
        PlanningSeconds = 8.24,
    };

    [Fact]
    public void Tables_say_it_all() => Assert.Equal(
        """
        fp32, 2 threads; planned in 8.2 s

        Batches
                                              a PPO step          the run
          prompts                                     32              320
          sequences                                   64              640
          tokens, responses at their longest         512            5,120
          micro-batches of 2 on a rank                16              160
          optimizer steps (2 passes)                   8               80
          PPO steps                                    1  10 (5 an epoch)

        Memory of a rank, GB
                       rollout  update
          process        0.200   0.200
          activations            1.500
          together       0.200   1.700
          highest 1.700 of 8.000

        Time
                         seconds  TFLOP  of the peak
          rollout          2.000  1.000         25 %
          score            1.000  2.000        100 %
          update           5.000  6.000         60 %
          an evaluation    4.000  1.100         14 %
          a PPO step       8.000  9.000         56 %
          the run: 10 steps and 3 evaluations, 92 s without saving; peak 2000 GFLOP/s

        Disk
          a checkpoint                                    2.000 GB
          checkpoints                              3 saved, 1 kept
          actor and critic at the end                     0.500 GB
          at the highest               4.000 GB of 100.000 GB free

        Ranks
          4 ranks      memory of a rank, GB  sent by a rank in a step, MB  seconds
          not sharded                 1.700                           3.0    0.250
          stage3                      1.000                           9.0    0.750
          with 50.0 us latency and 1.00 GB/s, given by latency_us and bandwidth_gb_per_s; their defaults are guesses, doctor under mpirun measures them

        Scaling
          ranks, each with such a batch  sending, s  a PPO step, s  sequences/s  of so many times one rank
          1                                   0.000          8.000          2.0                      100 %
          4                                   2.000         10.000          6.4                       80 %
        """.ReplaceLineEndings("\n"),
        string.Join('\n', PlanReport.Lines(Result, HelpStyle.Plain)));

    [Fact]
    public void Json_has_the_same_numbers_in_units()
    {
        JsonElement root = JsonDocument.Parse(PlanJson.Of(Result)).RootElement;

        Assert.True(root.GetProperty("fits").GetBoolean());
        Assert.Equal(80, At("batch", "batch", "total_optimizer_steps").GetInt64());
        Assert.Equal(1.7e9, At("memory", "peak_bytes").GetDouble());
        Assert.Equal(1.5e9, At("memory", "items")[1].GetProperty("bytes").GetProperty("update").GetDouble());
        Assert.False(At("memory", "is_lower_bound").GetBoolean());
        Assert.Equal(8, At("time", "step_seconds").GetDouble());
        Assert.Equal(92, At("time", "run_seconds").GetDouble());
        Assert.Equal("score", At("time", "phases")[1].GetProperty("phase").GetString());
        Assert.Equal(4e9, At("disk", "disk", "highest").GetDouble());
        Assert.Equal("stage3", At("ranks")[1].GetProperty("sharding").GetString());
        Assert.Equal(0.8, At("scaling")[1].GetProperty("efficiency").GetDouble());

        JsonElement At(params string[] keys) => keys.Aggregate(root, (element, key) => element.GetProperty(key));
    }

    [Fact]
    public void A_run_whose_weights_alone_are_too_much_has_no_times()
    {
        PlanResult hopeless = Result with { Phases = [], Refusals = ["the run needs 9 GB"] };

        Assert.Contains(PlanReport.Lines(hopeless, HelpStyle.Plain), line => line.Contains("at least: activations and engine are not counted", StringComparison.Ordinal));
        Assert.DoesNotContain("Time", PlanReport.Lines(hopeless, HelpStyle.Plain));
        JsonElement root = JsonDocument.Parse(PlanJson.Of(hopeless)).RootElement;
        Assert.False(root.GetProperty("fits").GetBoolean());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("time").ValueKind);
    }
}
