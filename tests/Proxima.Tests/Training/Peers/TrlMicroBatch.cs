using System.Text.Json;

namespace Proxima.Tests.Training.Peers;

/// <summary>What TRL counts of one micro-batch.</summary>
internal sealed record TrlMicroBatch
{
    public required double PolicyLoss { get; init; }

    public required double ValueLoss { get; init; }

    public required double Loss { get; init; }

    public required double PolicyClipFraction { get; init; }

    public required double ValueClipFraction { get; init; }

    public required double ApproxKl { get; init; }

    public required double Entropy { get; init; }

    public required double Ratio { get; init; }

    /// <summary>Compares with the record of run.json.</summary>
    public void Check(JsonElement recorded, double tolerance)
    {
        foreach ((string name, double value) in new[]
        {
            ("pg_loss", PolicyLoss), ("vf_loss", ValueLoss), ("loss", Loss), ("pg_clipfrac", PolicyClipFraction), ("vf_clipfrac", ValueClipFraction),
            ("approx_kl", ApproxKl), ("entropy", Entropy), ("ratio_mean", Ratio),
        })
        {
            double expected = recorded.GetProperty(name).GetDouble();
            Assert.True(Math.Abs(expected - value) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{name}: {value} instead of {expected}");
        }
    }
}
