using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>What a command cannot honour yet. A row is removed when the feature arrives; nothing else knows what is missing.</summary>
public static class SupportedFeatures
{
    /// <summary>Every gap of <c>ppo</c>.</summary>
    public static IReadOnlyList<FeatureGap<PpoCommandSettings>> Gaps =>
    [
        new("async_save", s => s.Run.AsyncSave, "checkpoints are written between steps"),
        .. OfDevices<PpoCommandSettings>(s => s.Machine),
    ];

    /// <summary>Every gap of <c>sft</c> and <c>reward</c>.</summary>
    public static IReadOnlyList<FeatureGap<TRoot>> OfStage<TRoot>()
        where TRoot : IStageSettings =>
    [
        new("async_save", s => s.Run.AsyncSave, "checkpoints are written between steps"),
        .. OfDevices<TRoot>(s => s.Machine),
        new("sharding", s => s.Machine.Sharding != Sharding.None, "it runs on one rank"),
    ];

    /// <summary>What a CPU cannot do.</summary>
    public static IReadOnlyList<FeatureGap<MachineSettings>> OnCpu { get; } =
    [
        new("fp16", machine => machine.Fp16, "float16 products on a CPU run at less than 1 GFLOP/s in libtorch; bf16 is the fast 16-bit type"),
    ];

    /// <summary>What a GPU cannot do.</summary>
    public static IReadOnlyList<FeatureGap<MachineSettings>> OnCuda { get; } =
    [
        new("sharding", machine => machine.Sharding != Sharding.None, "what other ranks hold is given back by pages of the host's memory, and a GPU's has none"),
        new("offload", machine => machine.Offload, "it gives back pages of the host's memory, and the models are in the GPU's"),
    ];

    /// <summary>The gaps of the device that the settings name; auto has none until it is known which device that is.</summary>
    private static IEnumerable<FeatureGap<TRoot>> OfDevices<TRoot>(Func<TRoot, MachineSettings> machine) =>
    [
        .. OnCpu.Select(gap => gap.Within(machine, of => of.Device == "cpu")),
        .. OnCuda.Select(gap => gap.Within(machine, of => of.NamesCuda)),
    ];
}
