using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>What a command cannot honour yet. A row is removed when the feature arrives; nothing else knows what is missing.</summary>
public static class SupportedFeatures
{
    /// <summary>Every gap of <c>ppo</c>.</summary>
    public static IReadOnlyList<FeatureGap<PpoCommandSettings>> Gaps => Of<PpoCommandSettings>();

    /// <summary>Every gap of a command that trains.</summary>
    public static IReadOnlyList<FeatureGap<TRoot>> Of<TRoot>()
        where TRoot : ITrainingSettings =>
    [
        new(
            "async_save", s => s.Run.AsyncSave && s.Machine.Sharding != Sharding.None,
            "with sharding every rank writes a part of a checkpoint, and they wait for each other between two steps"),
        .. OnCpu.Select(gap => gap.Within<TRoot>(s => s.Machine, machine => machine.Device == "cpu")),
        .. OnCuda.Select(gap => gap.Within<TRoot>(s => s.Machine, machine => machine.NamesCuda)),
    ];

    /// <summary>What a CPU cannot do; where device is auto, it is refused once it is known that it is one.</summary>
    public static IReadOnlyList<FeatureGap<MachineSettings>> OnCpu { get; } =
    [
        new("fp16", machine => machine.Fp16, "float16 products on a CPU run at less than 1 GFLOP/s in libtorch; bf16 is the fast 16-bit type"),
    ];

    /// <summary>What a GPU cannot do; likewise.</summary>
    public static IReadOnlyList<FeatureGap<MachineSettings>> OnCuda { get; } =
    [
        new("sharding", machine => machine.Sharding != Sharding.None, "what other ranks hold is given back by pages of the host's memory, and a GPU's has none"),
        new("offload", machine => machine.Offload, "it gives back pages of the host's memory, and the models are in the GPU's"),
    ];
}
