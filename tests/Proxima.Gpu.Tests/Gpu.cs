using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Gpu.Tests;

/// <summary>The first GPU of this machine.</summary>
internal static class Gpu
{
    /// <summary>The device; skips the running test, with the reason, where there is none.</summary>
    public static Device Get()
    {
        string? hindrance = TorchDevices.CudaHindrance();
        Assert.SkipUnless(hindrance is null, $"needs a GPU: {hindrance}");
        return device("cuda", 0);
    }
}
