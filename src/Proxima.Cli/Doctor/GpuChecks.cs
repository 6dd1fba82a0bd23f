using Proxima.Core;
using Proxima.Distributed.Nccl;
using Proxima.Models.Native;

namespace Proxima.Cli.Doctor;

/// <summary>Checks of the GPUs and of what joins several of them.</summary>
internal static class GpuChecks
{
    /// <summary>CUDA, NCCL. A machine without a GPU passes.</summary>
    public static IReadOnlyList<Check> All() => [TorchDevices.Inspect(), Nccl()];

    private static Check Nccl()
    {
        const string Name = "NCCL";
        if (!LibTorch.HasCuda)
        {
            return new Check(Name, true, "none: libtorch is that of the CPU, whose ranks are joined by MPI");
        }

        try
        {
            NcclLibrary library = NcclLibrary.LoadBeside(LibTorch.Folder!);
            return new Check(Name, true, $"{library.Version} ({library.Path})");
        }
        catch (ProximaException problem)
        {
            // One GPU needs no NCCL, so that this is no failure.
            return new Check(Name, true, $"none: runs have one GPU. {problem.Message}");
        }
    }
}
