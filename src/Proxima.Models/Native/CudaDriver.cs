using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>What NVIDIA's driver says of this machine, asked without libtorch (CUDA driver API).</summary>
public sealed unsafe record CudaDriver
{
    private const string LibraryName = "libcuda.so.1";
    private const int LongestName = 256;
    private const int NoDevice = 100; // CUDA_ERROR_NO_DEVICE

    private CudaDriver()
    {
    }

    /// <summary>Why there is no usable GPU, as half a sentence; null when there is one.</summary>
    public required string? Hindrance { get; init; }

    /// <summary>The newest CUDA that the driver can run, such as 12.8; null without a driver.</summary>
    public string? CudaVersion { get; private init; }

    /// <summary>The GPUs.</summary>
    public IReadOnlyList<CudaDevice> Devices { get; private init; } = [];

    /// <summary>Asks the driver.</summary>
    public static CudaDriver Ask()
    {
        if (!NativeLibrary.TryLoad(LibraryName, out nint driver))
        {
            return Without($"there is no NVIDIA driver ({LibraryName})");
        }

        var start = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
        var getVersion = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDriverGetVersion");
        var getCount = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDeviceGetCount");
        int version = 0;
        int count = 0;
        _ = getVersion(&version);
        string text = $"{version / 1000}.{version % 1000 / 10}";
        if (start(0) is not 0 and int error)
        {
            return Without($"the NVIDIA driver (CUDA {text}) does not start: error {error}{(error == NoDevice ? ", no device" : "")}") with { CudaVersion = text };
        }

        return getCount(&count) == 0 && count > 0
            ? new CudaDriver { Hindrance = null, CudaVersion = text, Devices = [.. Enumerable.Range(0, count).Select(device => Describe(driver, device))] }
            : Without("the NVIDIA driver sees no device (look at CUDA_VISIBLE_DEVICES)") with { CudaVersion = text };
    }

    private static CudaDriver Without(string hindrance) => new() { Hindrance = hindrance };

    private static CudaDevice Describe(nint driver, int number)
    {
        var getDevice = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
        var getName = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName");
        var getMemory = (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceTotalMem_v2");
        int device = 0;
        nuint memory = 0;
        byte* name = stackalloc byte[LongestName];
        name[0] = 0;
        _ = getDevice(&device, number);
        _ = getName(name, LongestName, device);
        _ = getMemory(&memory, device);
        return new CudaDevice(Marshal.PtrToStringUTF8((nint)name) ?? "", (long)memory);
    }
}
