using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary><c>proxima doctor</c>, and <c>proxima doctor --model DIR</c>.</summary>
public sealed class DoctorTests
{
    [Theory]
    [InlineData("qwen2_gqa", "causal_bin", "qwen2", "F32", "logits")]
    [InlineData("qwen3_bf16", "score", "qwen3", "BF16", "values")]
    public async Task A_model_folder_is_described_tested_and_compared_with_the_golden_beside_it(
        string name, string folder, string family, string type, string compared)
    {
        CommandResult result = await CommandLine.RunAsync("doctor", "--model", RepositoryPaths.InRepository("tests", "goldens", "models", name, folder));

        result.Expect(0);
        Assert.Contains($"family         {family}: ", result.Output, StringComparison.Ordinal);
        Assert.Contains($"stored as {type}", result.Output, StringComparison.Ordinal);
        Assert.Contains("self-test      ok    cache", result.Output, StringComparison.Ordinal);
        Assert.Matches($@"golden\.json    max \|Δ\| \d\.\de-0[5-9] \({compared} ", result.Output);
        Assert.DoesNotContain("FAIL", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_trains_passes_every_check()
    {
        using var run = new TemporaryRun();

        CommandResult result = (await CommandLine.RunAsync("doctor", "--output_dir", run["runs"])).Expect(0);

        string[] names = [.. result.Output.Split('\n').Where(line => line.StartsWith("  ok    ", StringComparison.Ordinal)).Select(line => line[8..].Split("  ")[0])];
        Assert.Equal(
            ["runtime", "system", "processor", "ICU", "memory", "limits", "shared memory", "disk", "MPI", "platform", "libtorch", "symbols", "loading", "fp32 products", "CUDA", "NCCL", "kernels"],
            names);
        Assert.Matches(@"kernels  .* GFLOP/s a thread.* for bf16 runs", result.Output);
        Assert.EndsWith("All 17 checks passed.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_normalised_and_a_folder_that_cannot_be_written_end_with_2_and_their_cures()
    {
        ProcessStartInfo start = CommandLine.StartInfo("doctor", "--output_dir", "/proc/runs");
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using RunningCommand command = new(start);

        CommandResult result = (await command.EndAsync()).Expect(2);

        Assert.Matches(@"FAIL  ICU +text is not normalised\n +cure: install the ICU library .* unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", result.Output);
        Assert.Matches(@"FAIL  disk +/proc.*\n +cure: ", result.Output);
        Assert.EndsWith("2 of 17 checks failed.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_supported_is_named_and_ends_with_the_code_of_data()
    {
        using var run = new TemporaryRun();
        run.Write("mixtral/config.json", """{"architectures": ["MixtralForCausalLM"], "model_type": "mixtral"}""");

        CommandResult result = await CommandLine.RunAsync("doctor", "--model", run["mixtral"]);

        result.Expect(3);
        Assert.Contains("architectures asks for MixtralForCausalLM", result.Error, StringComparison.Ordinal);
    }
}
