using System.Runtime.Intrinsics.X86;
using Proxima.Core.Settings;
using Proxima.Models.Native;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>bfloat16 weights and rows with vdpbf16ps, in code that is assembled when the program starts. Twelve rows take 24 sums.</summary>
internal sealed unsafe class NativeKernel : FormatKernel<Bf16Panel>
{
    private readonly nint[] _entries;

    private NativeKernel(nint[] entries) => _entries = entries;

    /// <summary>Whether the processor has the instruction: CPUID leaf 7.1, EAX bit 5.</summary>
    public static bool IsSupported => Avx512F.IsSupported && X86Base.CpuId(7, 0).Eax >= 1 && ((X86Base.CpuId(7, 1).Eax >> 5) & 1) == 1;

    public override ComputeKernel Kind => ComputeKernel.Bf16Native;

    public override string Name => "vdpbf16ps";

    public override int TileRows => LargestTile;

    /// <summary>The kernel; null where the system forbids to run code from memory.</summary>
    public static NativeKernel? Create() =>
        ExecutableMemory.TryPlace([.. Enumerable.Range(1, LargestTile).Select(DotProductAssembler.Assemble)], out nint[] entries)
            ? new NativeKernel(entries)
            : null;

    /// <summary>Tiles of about the same size: a small one reads the panel for few rows.</summary>
    public override int TileFor(int count)
    {
        int tiles = Math.Max(1, (count + LargestTile - 1) / LargestTile);
        return (count + tiles - 1) / tiles;
    }

    public override int PreparedFloats(int columns) => (columns + 1) / 2;

    public override RowBlock Prepare(RowBlock rows, int count, int columns, RowBlock memory)
    {
        for (int row = 0; row < count; row++)
        {
            Bf16.RoundRow(rows[row], (uint*)memory[row], columns);
        }

        return memory;
    }

    public override void Multiply(byte* panel, int columns, RowBlock rows, int count, RowBlock results)
    {
        int pairs = (columns + 1) / 2;
        for (int row = 0; row < count; row += LargestTile)
        {
            int tile = Math.Min(LargestTile, count - row);
            var multiply = (delegate* unmanaged[SuppressGCTransition]<byte*, float*, nint, nint, float*, nint, void>)_entries[tile - 1];
            multiply(panel, rows[row], rows.Stride * sizeof(float), pairs, results[row], results.Stride * sizeof(float));
        }
    }
}
