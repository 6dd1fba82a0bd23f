namespace Proxima.Models.Native;

/// <summary>A GPU as the driver sees it.</summary>
/// <param name="Name">of the model</param>
/// <param name="MemoryBytes">of the device, used or not</param>
public sealed record CudaDevice(string Name, long MemoryBytes)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name}, {MemoryBytes / 1e9:0} GB";
}
