namespace Proxima.Models.Native;

/// <summary>The libraries that were found.</summary>
/// <param name="TorchFolder">folder with libtorch_cpu.so and its companions</param>
/// <param name="ShimPath">TorchSharp's native library</param>
/// <param name="Source">why this folder was taken</param>
internal sealed record LibTorchLocation(string TorchFolder, string ShimPath, LibTorchSource Source)
{
    private static readonly string[] Companions = [LibTorchPlaces.CoreFile, LibTorchPlaces.TorchFile, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    /// <summary>Libraries to load, in order; those of CUDA only where the folder has them.</summary>
    public IEnumerable<string> TorchLibraries =>
        Companions.Select(name => Path.Combine(TorchFolder, name)).Where(path => File.Exists(path) || !path.EndsWith("_cuda.so", StringComparison.Ordinal));
}
