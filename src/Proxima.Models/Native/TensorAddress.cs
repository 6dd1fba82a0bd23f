using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Proxima.Models.Native;

/// <summary>Where the numbers of a tensor are, on whatever device; TorchSharp tells it of tensors on the CPU alone.</summary>
public static partial class TensorAddress
{
    /// <summary>Address of the first number.</summary>
    /// <param name="tensor">contiguous; the address is good for as long as it lives</param>
    public static nint Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        nint address = DataOf(tensor.Handle);
        GC.KeepAlive(tensor);
        return address;
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint DataOf(nint tensor);
}
