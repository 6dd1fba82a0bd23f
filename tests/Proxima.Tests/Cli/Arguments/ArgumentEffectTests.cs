using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Tests.Core.Ppo;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>
/// Every argument of <c>ppo</c> does what it says: each has a row that shows it in what a run writes, or is refused, or belongs to a
/// feature that is.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class ArgumentEffectTests(TinyRuns runs) : IClassFixture<TinyRuns>
{
    private static readonly ArgumentSchema Schema = ArgumentSchema.Of<PpoCommandSettings>();

    private static readonly IReadOnlyDictionary<string, ArgumentRow> Rows =
        new[] { TaskRows.All, SamplingRows.All, OptimizerRows.All, PpoRows.All, RewardRows.All, RunRows.All, MachineRows.All, [GaeGaps] }
            .SelectMany(rows => rows).ToDictionary(row => row.Name);

    /// <summary>Options of features that this version refuses: with them alone nothing happens, and a warning says so.</summary>
    private static readonly Dictionary<string, (string Value, string[] Features)> OfRefusedFeatures = new()
    {
        ["sharding_parallel_degree"] = ("2", ["sharding"]),
    };

    /// <summary>No response has a gap, so this shows on the estimation itself (golden vector G4) and not in a run.</summary>
    private static ArgumentRow GaeGaps => ArgumentRow.Custom("gae_gaps", _ =>
    {
        using var scope = NewDisposeScope();
        var rewards = tensor(new float[] { 0, 0, 0, 0, 1 }).unsqueeze(0); // [1, 5]
        var values = tensor(new float[] { 0.1f, 0.2f, 999, 0.4f, 0.5f }).unsqueeze(0); // [1, 5]
        var mask = tensor(new[] { true, true, false, true, true }).unsqueeze(0); // [1, 5]
        PpoSettings ppo = new() { Gamma = 0.99, GaeLambda = 0.95 };
        AssertClose([0.782324, 0.727618, 0, 0.56525, 0.5], new PpoFormulas(ppo).Advantages(rewards, values, mask));
        AssertClose([0.730415, 0.672424, 0, 0.56525, 0.5], new PpoFormulas(ppo with { GaeGaps = Proxima.Core.Settings.GaeGaps.Zero }).Advantages(rewards, values, mask));
    });

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static TheoryData<string> NamesOfRefusedFeatures => [.. OfRefusedFeatures.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task An_argument_changes_what_it_should(string name) => Rows[name].Check(runs);

    [Theory]
    [MemberData(nameof(NamesOfRefusedFeatures))]
    public void An_option_of_a_refused_feature_says_that_it_does_nothing(string name)
    {
        (string value, string[] features) = OfRefusedFeatures[name];
        Assert.All(features, feature => Assert.Contains(feature, Refused));
        Assert.StartsWith($"{name} = {value} has no effect: ", Assert.Single(PpoWords.Load($"--{name}", value).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void No_argument_is_without_a_row()
    {
        Assert.Equal(
            Schema.Arguments.Select(argument => argument.Name).Order(StringComparer.Ordinal),
            Rows.Keys.Concat(OfRefusedFeatures.Keys).Union(Refused).Order(StringComparer.Ordinal));
    }

    /// <summary>What is refused outright; SupportedFeaturesTests has a case of each.</summary>
    private static IEnumerable<string> Refused =>
        SupportedFeatures.Gaps.Select(gap => gap.Key);

    private static void AssertClose(double[] expected, Tensor found) =>
        Assert.Equal(expected, found.data<float>().ToArray().Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
}
