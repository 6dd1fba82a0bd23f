using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
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

    [Theory]
    [MemberData(nameof(Names))]
    public Task An_argument_changes_what_it_should(string name) => Rows[name].Check(runs);

    [Fact]
    public void No_argument_is_without_a_row()
    {
        Assert.Equal(
            Schema.Arguments.Select(argument => argument.Name).Order(StringComparer.Ordinal),
            Rows.Keys.Union(Refused).Order(StringComparer.Ordinal));
    }

    /// <summary>What is refused outright; SupportedFeaturesTests has a case of each.</summary>
    private static IEnumerable<string> Refused =>
        SupportedFeatures.Gaps.Select(gap => gap.Key);

    private static void AssertClose(double[] expected, Tensor found) =>
        Assert.Equal(expected, found.data<float>().ToArray().Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
}
