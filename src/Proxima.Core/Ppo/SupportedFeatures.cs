using Proxima.Core.Settings;
using static Proxima.Core.Ppo.FeatureGapKind;

namespace Proxima.Core.Ppo;

/// <summary>What <c>ppo</c> cannot honour yet. A row is removed when the feature arrives; nothing else knows what is missing.</summary>
public static class SupportedFeatures
{
    /// <summary>Every gap there is.</summary>
    public static IReadOnlyList<FeatureGap> Gaps { get; } =
    [
        new("ptx_task_config", Refused, s => s.Task.PtxTaskConfig.Length > 0, "there is no supervised loss beside PPO"),

        new("stop_strings", Refused, s => s.Sampling.StopStrings is not null, "only token ids end a response"),

        new("stop_after_minutes", Refused, s => s.Run.StopAfterMinutes is not null, "a run ends by max_steps or num_train_epochs"),
        new("dashboard", Refused, s => s.Run.Dashboard, "there is no dashboard"),
        new("async_save", Refused, s => s.Run.AsyncSave, "checkpoints are written between steps"),

        new("device", Refused, s => s.Machine.Device is not ("auto" or "cpu"), "this version computes on the CPU"),
        new("offload", Refused, s => s.Machine.Offload, "all models stay in memory"),
        new("fp16", Refused, s => s.Machine.Fp16, "this version computes in 32 bit"),
        new("bf16", Refused, s => s.Machine.Bf16, "this version computes in 32 bit"),
        new("use_flash_attention", Refused, s => s.Machine.UseFlashAttention, "attention is computed in the plain way"),
        new("recompute", Refused, s => s.Machine.Recompute, "activations are always kept"),
        new("critic_recompute", Refused, s => s.Machine.CriticRecompute is true, "activations are always kept"),
        new("sharding", Refused, s => s.Machine.Sharding != Sharding.None, "a run has one rank"),
    ];
}
