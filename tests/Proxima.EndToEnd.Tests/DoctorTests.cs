using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary><c>proxima doctor --model DIR</c>.</summary>
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
    public async Task A_model_that_is_not_supported_is_named_and_ends_with_the_code_of_data()
    {
        using var run = new TemporaryRun();
        run.Write("mixtral/config.json", """{"architectures": ["MixtralForCausalLM"], "model_type": "mixtral"}""");

        CommandResult result = await CommandLine.RunAsync("doctor", "--model", run["mixtral"]);

        result.Expect(3);
        Assert.Contains("architectures asks for MixtralForCausalLM", result.Error, StringComparison.Ordinal);
    }
}
