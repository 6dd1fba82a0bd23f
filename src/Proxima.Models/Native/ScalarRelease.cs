using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxima.Core;

namespace Proxima.Models.Native;

/// <summary>
/// Delays the release of TorchSharp's scalars. TorchSharp passes the handle of a finalizable Scalar to native code and keeps
/// nothing of it alive; a collection on another thread can release the number before native code reads it, and the operation
/// then fails or computes with what lies there (docs/adr/scalar-release.md). The library's function that releases a scalar is
/// led here instead, and a scalar is really released only when many others have come after it.
/// </summary>
internal static unsafe class ScalarRelease
{
    private const string Function = "THSTorch_dispose_scalar";
    private const string OperatorDelete = "_ZdlPv";

    /// <summary>Scalars that are released after one before its memory goes: 2 MB of them.</summary>
    private const int Delayed = 1 << 16;

    private static readonly nint[] Waiting = new nint[Delayed];
    private static long Asked;
    private static delegate* unmanaged[Cdecl]<nint, void> DeleteFunction;

    /// <summary>Scalars whose release was asked for.</summary>
    public static long Count => Interlocked.Read(ref Asked);

    /// <summary>Leads the function of a loaded library here.</summary>
    /// <param name="shim">handle of TorchSharp's native library</param>
    /// <param name="cpp">handle of the C++ run-time library</param>
    /// <exception cref="ProximaException">the function is not there or its code cannot be changed</exception>
    public static void Delay(nint shim, nint cpp)
    {
        if (!NativeLibrary.TryGetExport(shim, Function, out nint function) || !NativeLibrary.TryGetExport(cpp, OperatorDelete, out nint delete))
        {
            throw Failed($"{Function} or {OperatorDelete} is not there");
        }

        DeleteFunction = (delegate* unmanaged[Cdecl]<nint, void>)delete;
        delegate* unmanaged[Cdecl]<nint, void> target = &Release;
        if (NativeJump.Write(function, (nint)target) is > 0 and int error)
        {
            throw Failed($"the system does not let code be changed (mprotect, errno {error})");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint scalar)
    {
        long place = Interlocked.Increment(ref Asked) & (Delayed - 1);
        nint oldest = Interlocked.Exchange(ref Waiting[place], scalar);
        if (oldest != 0)
        {
            DeleteFunction(oldest);
        }
    }

    private static ProximaException Failed(string reason) => new(
        ExitCode.Usage,
        $"The release of TorchSharp's scalars cannot be delayed: {reason}. Without that, numbers could change while they are used. "
        + "Use the TorchSharp version that this build names, on a system that allows it (SELinux: execmod).");
}
