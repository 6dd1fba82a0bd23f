using System.Text.Json;

namespace Proxima.EndToEnd.Tests;

/// <summary>A plan against the run that it is of.</summary>
public sealed class PlanTests
{
    [Theory]
    [InlineData("device = cuda: plan measures this machine's CPU", "--device", "cuda")]
    [InlineData("fp16 is set, and the run computes on cpu, as device says: expected to be left out, since float16 products", "--fp16", "true")]
    public async Task A_run_that_needs_a_GPU_is_not_planned(string error, params string[] words)
    {
        using var run = new TemporaryRun();

        CommandResult plan = (await CommandLine.RunAsync(["plan", "config/arithmetic.json", "--output_dir", run["out"], .. words])).Expect(2);

        Assert.Contains(error, plan.Error, StringComparison.Ordinal);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task The_memory_of_a_tiny_run_is_near_what_was_planned()
    {
        using var run = new TemporaryRun();
        string[] words =
        [
            "config/arithmetic.json", "--output_dir", run["out"], "--max_steps", "3", "--eval_at_start", "false", "--evaluation_strategy", "no",
            "--save_strategy", "no", "--num_threads", "1",
        ];
        CommandResult plan = (await CommandLine.RunAsync(["plan", .. words, "--json"])).Expect(0);
        (await CommandLine.RunAsync(["ppo", .. words])).Expect(0);

        double planned = JsonDocument.Parse(plan.Output).RootElement.GetProperty("memory").GetProperty("peak_bytes").GetDouble() / 1e9;
        double measured = run.Metric("out", "memory/peak_gb").Last().Value;
        Assert.InRange(planned / measured, 0.5, 2);
    }
}
