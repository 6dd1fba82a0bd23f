using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Ppo;

/// <summary>The table of presets, row by row as published: placement, score clip, KL clamp, whitening, gaps, aggregation, clips, γ λ kl.</summary>
public sealed class PpoPresetsTests
{
    [Theory]
    [InlineData("proxima", "last 10 none false unbiased carry token 0.2 none 5 1 0.95 0.02")]
    [InlineData("paddlenlp", "last 10 none false unbiased zero micro_batch 0.2 none 5 1 0.95 0.02")]
    [InlineData("trl", "after_eos none none true unbiased carry micro_batch 0.2 none 0.2 1 0.95 0.05")]
    [InlineData("openrlhf", "last 10 10 true biased zero token 0.2 none 0.5 1 1 0.01")]
    [InlineData("verl", "last none 10 true unbiased carry token 0.2 3 0.5 1 1 0.001")]
    public void Each_preset_sets_the_defaults_of_its_column(string preset, string expected)
    {
        string[] names =
        [
            "score_placement", "clip_range_score", "kl_clamp", "normalize_advantage", "whiten_variance", "gae_gaps",
            "loss_aggregation", "clip_range_ratio", "dual_clip", "clip_range_value", "gamma", "gae_lambda", "kl_coeff",
        ];
        PpoCommandSettings settings = PpoWords.Load("--preset", preset).Settings;

        Assert.Equal(expected, string.Join(' ', names.Select(name => SettingsText.Of(settings, name))));
    }

    [Fact]
    public void What_the_user_writes_wins_over_the_preset()
    {
        PpoSettings ppo = PpoWords.Load("--clip_range_score", "4", "--preset", "TRL", "--kl_coeff", "0.1").Settings.Ppo;

        Assert.Equal((4, 0.1, 0.2), (ppo.ClipRangeScore, ppo.KlCoeff, ppo.ClipRangeValue));
    }
}
