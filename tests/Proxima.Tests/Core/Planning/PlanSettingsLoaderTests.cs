using Proxima.Core;
using Proxima.Core.Planning;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Planning;

public sealed class PlanSettingsLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_of_the_run_are_passed_on_in_their_order()
    {
        string config = _folder.Write("run.json", "{}");

        (PlanSettings plan, IReadOnlyList<string> words) = PlanSettingsLoader.Load([config, "--seed", "3", "--json", "--bf16", "true", "--ranks", "8", "--max_dec_len=9"]);

        Assert.Equal(new PlanSettings { Json = true, Ranks = 8 }, plan);
        Assert.Equal([config, "--seed", "3", "--bf16", "true", "--max_dec_len=9"], words);
    }

    [Theory]
    [InlineData(true, "--json")]
    [InlineData(true, "--json", "--seed", "3")]
    [InlineData(true, "--json=true")]
    [InlineData(false, "--json", "false")]
    [InlineData(true, "--json", "1", "--seed", "3")]
    public void Json_may_stand_without_a_value(bool expected, params string[] words) => Assert.Equal(expected, PlanSettingsLoader.Load(words).Plan.Json);

    [Fact]
    public void All_mistakes_in_the_plans_own_arguments_are_told_at_once()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => PlanSettingsLoader.Load(["--ranks", "0", "--memory_gb", "much", "--latency_us"]));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.StartsWith("3 mistakes in the settings of proxima plan", exception.Message, StringComparison.Ordinal);
        Assert.All(new[] { "ranks = 0", "memory_gb = much", "latency_us" }, text => Assert.Contains(text, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_config_of_another_stage_is_refused()
    {
        string config = _folder.Write("sft.json", "{ \"model_name_or_path\": \"models/actor\" }");

        ProximaException exception = Assert.Throws<ProximaException>(() => PlanSettingsLoader.Load([config]));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains("model_name_or_path is an argument of sft and reward", exception.Message, StringComparison.Ordinal);
    }
}
