using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>Leads a function of a loaded library elsewhere, by a jump written over its first bytes.</summary>
internal static unsafe class NativeJump
{
    /// <summary>Bytes that the jump takes.</summary>
    public const int Length = 12;

    /// <summary>Writes the jump.</summary>
    /// <param name="function">its first byte; at least <see cref="Length"/> bytes long, padding counted</param>
    /// <param name="target">takes the same arguments</param>
    /// <returns>0, or the system's error number where it does not let code be changed</returns>
    public static int Write(nint function, nint target)
    {
        nint pageSize = Environment.SystemPageSize;
        nint firstPage = function / pageSize * pageSize;
        nuint length = (nuint)((function + Length + pageSize - 1) / pageSize * pageSize - firstPage);
        if (Libc.Protect(firstPage, length, Libc.ProtectRead | Libc.ProtectWrite | Libc.ProtectExecute) != 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        To(target).CopyTo(new Span<byte>((void*)function, Length));
        _ = Libc.Protect(firstPage, length, Libc.ProtectRead | Libc.ProtectExecute);
        return 0;
    }

    /// <summary>mov rax, target; jmp rax</summary>
    public static byte[] To(nint target) => [0x48, 0xb8, .. BitConverter.GetBytes(target), 0xff, 0xe0];
}
