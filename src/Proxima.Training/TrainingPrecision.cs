using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Number types of a run: what bf16 and fp16_opt_level mean on the machine at hand (docs/adr/precision.md).</summary>
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

    /// <summary>Type in which trained models are loaded.</summary>
    public ScalarType Trained => Copies == WeightCopies.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Type in which frozen models are held.</summary>
    public ScalarType Frozen => Bf16Products is null ? ScalarType.Float32 : ScalarType.BFloat16;

    /// <summary>Whether the weights that trained models compute with lack bits of those that were stored.</summary>
    public bool KeepsMasters => Trained != ScalarType.Float32;

    /// <summary>How a trained model computes.</summary>
    /// <param name="recompute">whether its backward pass computes activations again</param>
    /// <param name="granularity">which</param>
    public ComputeOptions Learning(bool recompute, RecomputeGranularity granularity) => Options with { Recompute = recompute ? granularity : null };

    /// <summary>The precision that settings ask for.</summary>
    /// <param name="machine">bf16, fp16_opt_level, use_flash_attention</param>
    /// <param name="earlierProducts">what an earlier part of the same run took; null: the machine's faster type</param>
    public static TrainingPrecision Of(MachineSettings machine, ScalarType? earlierProducts)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var options = new ComputeOptions { FusedAttention = machine.UseFlashAttention };
        if (!machine.Bf16)
        {
            return new TrainingPrecision { Bf16Products = null, Description = "fp32", Copies = WeightCopies.None, Options = options };
        }

        ScalarType products = earlierProducts ?? FasterProducts();
        bool isNarrow = products == ScalarType.BFloat16;
        string description = $"bf16 {machine.Fp16OptLevel}, products in {(isNarrow ? "bfloat16" : "float32 of bfloat16 weights, which is faster here")}";
        return machine.Fp16OptLevel == OptLevel.O1
            ? new TrainingPrecision
            {
                Bf16Products = products,
                Description = description,
                Copies = WeightCopies.None,
                Options = options with { Products = products, Stream = ScalarType.Float32, RoundsWeights = !isNarrow },
            }
            : new TrainingPrecision
            {
                Bf16Products = products,
                Description = description,
                Copies = isNarrow ? WeightCopies.BFloat16 : WeightCopies.Rounded,
                Options = options with { Products = products, Stream = products },
            };
    }

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
