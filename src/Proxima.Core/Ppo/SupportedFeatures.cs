using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>What a command cannot honour yet. A row is removed when the feature arrives; nothing else knows what is missing.</summary>
public static class SupportedFeatures
{
    /// <summary>Every gap of <c>ppo</c>.</summary>
    public static IReadOnlyList<FeatureGap<PpoCommandSettings>> Gaps { get; } = Of<PpoCommandSettings>();

    /// <summary>Every gap of a command that trains.</summary>
    public static IReadOnlyList<FeatureGap<TRoot>> Of<TRoot>()
        where TRoot : ITrainingSettings =>
    [
        new(
            "async_save", s => s.Run.AsyncSave && s.Machine.Sharding != Sharding.None,
            "with sharding every rank writes a part of a checkpoint, and they wait for each other between two steps"),
        new("device", s => s.Machine.Device is not ("auto" or "cpu"), "this version computes on the CPU"),
        new("fp16", s => s.Machine.Fp16, "float16 products on a CPU run at less than 1 GFLOP/s in libtorch; bf16 is the fast 16-bit type"),
    ];
}
