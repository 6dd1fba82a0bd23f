using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>Leads a function of a loaded library elsewhere, by a jump written over its first bytes.</summary>
internal static unsafe class NativeJump
{
    /// <summary>Bytes that the jump takes.</summary>
    public const int Length = 12;

    /// <summary>Writes <c>mov rax, target; jmp rax</c>.</summary>
    /// <param name="function">its first byte; at least <see cref="Length"/> bytes long</param>
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

        Encode((byte*)function, target);
        _ = Libc.Protect(firstPage, length, Libc.ProtectRead | Libc.ProtectExecute);
        return 0;
    }

    /// <summary>The bytes of the jump.</summary>
    public static void Encode(byte* code, nint target)
    {
        code[0] = 0x48;
        code[1] = 0xb8;
        Unsafe.WriteUnaligned(code + 2, target);
        code[10] = 0xff;
        code[11] = 0xe0;
    }
}
