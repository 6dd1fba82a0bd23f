namespace Proxima.Core.Settings;

/// <summary>How the work meets the machine.</summary>
[ArgumentGroup("Precision, memory, devices")]
public sealed record MachineSettings
{
    [Argument("where to compute: auto, cpu, cuda or cuda:N")]
    public string Device { get; init; } = "auto";

    [Argument("threads of this rank; 0: all cores")]
    [Bounds(AtLeast = 0, AtMost = 4096)]
    public int NumThreads { get; init; } = 0;

    [Argument("kernel of the fused engine; auto: the fastest of the run's precision, timed at start. bf16 ones round the weights")]
    public ComputeKernel ComputeKernel { get; init; } = ComputeKernel.Auto;

    [Argument("reference and reward model are in memory only while they score, packed weights only during the rollout; actor and critic share memory for gradients")]
    public bool Offload { get; init; }

    [Argument("float16; not on a CPU")]
    public bool Fp16 { get; init; }

    [Argument("bfloat16")]
    public bool Bf16 { get; init; }

    [Argument("O1: fp32 weights and 16-bit matrix products. O2: 16-bit weights with fp32 master copies")]
    public OptLevel Fp16OptLevel { get; init; } = OptLevel.O1;

    /// <summary>Whether a GPU is asked for by name; auto may still find one.</summary>
    public bool NamesCuda => Device.StartsWith("cuda", StringComparison.Ordinal);

    /// <summary>What bf16 says, as the one value that kernels are chosen by.</summary>
    public ComputePrecision Precision => Bf16 ? ComputePrecision.Bf16 : ComputePrecision.Fp32;

    [Argument("memory-efficient fused attention")]
    public bool UseFlashAttention { get; init; }

    [Argument("recompute activations in the backward pass")]
    public bool Recompute { get; init; }

    [Argument("the same for the critic", Default = "the actor's")]
    public bool? CriticRecompute { get; init; }

    [Argument("what is recomputed")]
    public RecomputeGranularity RecomputeGranularity { get; init; } = RecomputeGranularity.Full;

    [Argument("what the critic recomputes")]
    public RecomputeGranularity CriticRecomputeGranularity { get; init; } = RecomputeGranularity.Full;

    [Argument("shard the optimizer (stage1), gradients too (stage2), parameters too (stage3)")]
    public Sharding Sharding { get; init; } = Sharding.None;

    [Argument("ranks of a sharding group", Default = "all")]
    [Bounds(AtLeast = 1)]
    public int? ShardingParallelDegree { get; init; }
}
