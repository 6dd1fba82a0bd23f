using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Number types of a run: what fp16, bf16 and fp16_opt_level mean on the machine at hand (docs/adr/precision.md).</summary>
public sealed record TrainingPrecision
{
    /// <summary>Type of the operands of matrix products in a bf16 run; null: the run is not bf16.</summary>
    public required ScalarType? Bf16Products { get; init; }

    /// <summary>For the log and the run's record.</summary>
    public required string Description { get; init; }

    /// <summary>What trained models compute with.</summary>
    public required WeightCopies Copies { get; init; }

    /// <summary>How all models compute.</summary>
    public required ComputeOptions Options { get; init; }

    /// <summary>Whether the run is a float16 one, whose losses are scaled.</summary>
    public bool IsFloat16 => Options.Products == ScalarType.Float16;

    /// <summary>Type in which trained models are loaded.</summary>
    public ScalarType Trained => Copies.NumberType();

    /// <summary>Type in which frozen models are held.</summary>
    public ScalarType Frozen => IsFloat16 ? ScalarType.Float16 : Bf16Products is null ? ScalarType.Float32 : ScalarType.BFloat16;

    /// <summary>The type whose products tell what the machine could do at its best.</summary>
    public ScalarType PeakType => IsFloat16 ? ScalarType.Float16 : Bf16Products ?? ScalarType.Float32;

    /// <summary>A scale for the losses of one model; null where gradients need none.</summary>
    public LossScale? NewLossScale() => IsFloat16 ? new LossScale() : null;

    /// <summary>Whether the weights that trained models compute with lack bits of those that were stored.</summary>
    public bool KeepsMasters => Trained != ScalarType.Float32;

    /// <summary>How a trained model computes.</summary>
    /// <param name="recompute">whether its backward pass computes activations again</param>
    /// <param name="granularity">which</param>
    public ComputeOptions Learning(bool recompute, RecomputeGranularity granularity) => Options with { Recompute = recompute ? granularity : null };

    /// <summary>The precision that settings ask for.</summary>
    /// <param name="machine">fp16, bf16, fp16_opt_level, use_flash_attention</param>
    /// <param name="earlierProducts">what an earlier part of the same run took; null: the machine's faster type</param>
    /// <param name="device">of the models; null: the CPU. Others multiply 16-bit numbers faster than float32, whatever an earlier part took</param>
    public static TrainingPrecision Of(MachineSettings machine, ScalarType? earlierProducts, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var options = new ComputeOptions { FusedAttention = machine.UseFlashAttention };
        if (machine.Fp16)
        {
            return Narrow("fp16", machine.Fp16OptLevel, ScalarType.Float16, WeightCopies.Float16, options);
        }

        if (!machine.Bf16)
        {
            return new TrainingPrecision { Bf16Products = null, Description = "fp32", Copies = WeightCopies.None, Options = options };
        }

        bool isOnHost = device is null or { type: DeviceType.CPU };
        ScalarType products = isOnHost ? earlierProducts ?? FasterProducts() : ScalarType.BFloat16;
        return products == ScalarType.BFloat16
            ? Narrow("bf16", machine.Fp16OptLevel, products, WeightCopies.BFloat16, options) with { Bf16Products = products }
            : Rounded(machine.Fp16OptLevel, products, options);
    }

    private static TrainingPrecision Narrow(string name, OptLevel level, ScalarType type, WeightCopies copies, ComputeOptions options) => new()
    {
        Bf16Products = null,
        Description = $"{name} {level}, products in {(type == ScalarType.Float16 ? "float16" : "bfloat16")}",
        Copies = level == OptLevel.O1 ? WeightCopies.None : copies,
        Options = options with { Products = type, Stream = level == OptLevel.O1 ? ScalarType.Float32 : type },
    };

    /// <summary>bf16 where float32 products are faster: weights are rounded, products are not.</summary>
    private static TrainingPrecision Rounded(OptLevel level, ScalarType products, ComputeOptions options) => new()
    {
        Bf16Products = products,
        Description = $"bf16 {level}, products in float32 of bfloat16 weights, which is faster here",
        Copies = level == OptLevel.O1 ? WeightCopies.None : WeightCopies.Rounded,
        Options = options with { Products = products, Stream = level == OptLevel.O1 ? ScalarType.Float32 : products, RoundsWeights = level == OptLevel.O1 },
    };

    /// <summary>
    /// bfloat16 where this machine multiplies it faster than float32: 2 times with the instructions for it, half as fast without.
    /// The factors are far from 1, so that two runs on a machine choose alike.
    /// </summary>
    private static ScalarType FasterProducts()
    {
        const int Size = 512;
        const int Rounds = 3; // in turn, so that a busy moment meets both
        double narrow = 0;
        double wide = 0;
        for (int round = 0; round < Rounds; round++)
        {
            narrow = Math.Max(narrow, LibTorch.MeasureGemm(Size, ScalarType.BFloat16));
            wide = Math.Max(wide, LibTorch.MeasureGemm(Size, ScalarType.Float32));
        }

        return narrow > wide ? ScalarType.BFloat16 : ScalarType.Float32;
    }
}
