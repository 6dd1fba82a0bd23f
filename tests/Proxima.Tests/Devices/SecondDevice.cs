using System.Runtime.InteropServices;
using Proxima.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Tests.Devices;

/// <summary>
/// A device that is not the CPU, on any machine: libtorch's "lazy" one, which notes operations down and computes them by the CPU's kernels when
/// numbers are read. As on a GPU, an operation on tensors of two devices is an error and no address of a number is to be had.
/// </summary>
internal static partial class SecondDevice
{
    private const int Lazy = 17; // c10::DeviceType::Lazy
    private const string Start = "_ZN5torch4lazy22InitTorchScriptBackendEv";

    private const string Optimize = "_ZN5torch3jit25setGraphExecutorOptimizeEb";

    private static readonly Lock Gate = new();
    private static Device? Started;

    /// <summary>The device; skips the running test where libtorch is built without it.</summary>
    public static Device Get()
    {
        lock (Gate)
        {
            return Started ??= Open();
        }
    }

    private static unsafe Device Open()
    {
        LibTorch.Load();
        nint library = NativeLibrary.Load(Path.Combine(LibTorch.Folder!, "libtorch_cpu.so"));
        bool isThere = NativeLibrary.TryGetExport(library, Start, out nint start);
        Assert.SkipUnless(isThere, "needs a libtorch with the lazy device");

        // Without this an in-place operation is tried on tensors without numbers first, and libtorch lacks some of those.
        _ = SetVariable("TORCH_DISABLE_FUNCTIONALIZATION_META_REFERENCE", "1", overwrite: 1);
        ((delegate* unmanaged<void>)start)();
        if (NativeLibrary.TryGetExport(library, Optimize, out nint optimize))
        {
            ((delegate* unmanaged<byte, void>)optimize)(0); // graphs that run once are not worth it
        }

        return new Device((DeviceType)Lazy, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
