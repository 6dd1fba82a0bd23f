using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>
/// The defaults that each <see cref="Preset"/> changes. Nothing else in the program knows about presets.
/// </summary>
public static class PpoPresets
{
    private static Dictionary<Preset, IReadOnlyDictionary<string, object?>> Changes { get; } = new()
    {
        [Preset.Proxima] = new Dictionary<string, object?>(),
        [Preset.Paddlenlp] = new Dictionary<string, object?>
        {
            ["gae_gaps"] = GaeGaps.Zero,
            ["loss_aggregation"] = LossAggregation.MicroBatch,
        },
        [Preset.Trl] = new Dictionary<string, object?>
        {
            ["score_placement"] = ScorePlacement.AfterEos,
            ["clip_range_score"] = null,
            ["normalize_advantage"] = true,
            ["loss_aggregation"] = LossAggregation.MicroBatch,
            ["clip_range_value"] = 0.2,
            ["kl_coeff"] = 0.05,
        },
        [Preset.Openrlhf] = new Dictionary<string, object?>
        {
            ["kl_clamp"] = 10.0,
            ["normalize_advantage"] = true,
            ["whiten_variance"] = WhitenVariance.Biased,
            ["gae_gaps"] = GaeGaps.Zero,
            ["clip_range_value"] = 0.5,
            ["gae_lambda"] = 1.0,
            ["kl_coeff"] = 0.01,
        },
        [Preset.Verl] = new Dictionary<string, object?>
        {
            ["clip_range_score"] = null,
            ["kl_clamp"] = 10.0,
            ["normalize_advantage"] = true,
            ["dual_clip"] = 3.0,
            ["clip_range_value"] = 0.5,
            ["gae_lambda"] = 1.0,
            ["kl_coeff"] = 0.001,
        },
    };

    /// <summary>Argument name → default under this preset, for the arguments whose default it changes.</summary>
    public static IReadOnlyDictionary<string, object?> DefaultsOf(Preset preset) => Changes[preset];
}
