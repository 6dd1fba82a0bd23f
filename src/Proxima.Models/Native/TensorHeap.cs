using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>
/// Puts the large tensors of libtorch into a heap of our own. malloc does not find the aligned blocks that were given back to it, so that each step of
/// training asked the kernel for fresh pages (docs/adr/tensor-heap.md). libtorch's functions that take and give back a tensor's memory are led
/// here; small blocks, and large ones that do not fit, take the old way.
/// </summary>
internal static unsafe class TensorHeap
{
    /// <summary>The variable that leaves all tensors to malloc when it is "malloc".</summary>
    public const string Variable = "PROXIMA_HEAP";

    private const string TakeFunction = "_ZN3c109alloc_cpuEm";
    private const string GiveBackFunction = "_ZN3c108free_cpuEPv";
    private const int SmallestBytes = 64 << 10;
    private const int FunctionAlignment = 16;
    private const long LeastRange = 64L << 30;

    private static PageHeap? Heap;

    /// <summary>Bytes of live tensors in the heap; null where malloc has them.</summary>
    public static long? LiveBytes => Heap?.LiveBytes;

    /// <summary>endbr64; push r15; push r14; push r13; push r12: the beginning of alloc_cpu, which can stand elsewhere as it is.</summary>
    private static ReadOnlySpan<byte> KnownBeginning => [0xf3, 0x0f, 0x1e, 0xfa, 0x41, 0x57, 0x41, 0x56, 0x41, 0x55, 0x41, 0x54];

    /// <summary>endbr64; jmp to free: all of free_cpu, with the padding up to the next function long enough for a jump.</summary>
    private static ReadOnlySpan<byte> KnownEnd => [0xf3, 0x0f, 0x1e, 0xfa, 0xe9];

    /// <summary>Leads the two functions here, before the first tensor is made.</summary>
    /// <param name="core">handle of libc10</param>
    /// <returns>where tensors lie from now on, for doctor</returns>
    public static string Install(nint core)
    {
        if (Environment.GetEnvironmentVariable(Variable) == "malloc")
        {
            return $"malloc ({Variable}=malloc)";
        }

        if (!NativeLibrary.TryGetExport(core, TakeFunction, out nint take) || !NativeLibrary.TryGetExport(core, GiveBackFunction, out nint giveBack)
            || giveBack % FunctionAlignment != 0 || !new ReadOnlySpan<byte>((void*)giveBack, KnownEnd.Length).SequenceEqual(KnownEnd)
            || !new ReadOnlySpan<byte>((void*)take, NativeJump.Length).SequenceEqual(KnownBeginning))
        {
            return "malloc (this libtorch takes memory in another way)";
        }

        try
        {
            Heap = new PageHeap(Math.Max(LeastRange, 2 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        }
        catch (InsufficientMemoryException refused)
        {
            return $"malloc ({refused.Message})";
        }

        byte* distance = (byte*)giveBack + KnownEnd.Length;
        nint free = (nint)(distance + sizeof(int) + Unsafe.ReadUnaligned<int>(distance));
        if (!ExecutableMemory.TryPlace([CodeThatTakes(take), CodeThatReturns(free)], out nint[] entries)
            || NativeJump.Write(giveBack, entries[1]) != 0 || NativeJump.Write(take, entries[0]) != 0)
        {
            Heap = null;
            return "malloc (the system does not let code be changed)";
        }

        return "a heap of their own";
    }

    /// <summary>Gives free pages back to the system.</summary>
    public static void GiveBack() => Heap?.GiveBack();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Take(nuint bytes) => Heap!.Allocate(bytes);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Return(nint block) => Heap!.Free(block);

    /// <summary>Small sizes, and those that the heap refuses, go on as before: with alloc_cpu's own beginning, then behind it.</summary>
    private static byte[] CodeThatTakes(nint take)
    {
        delegate* unmanaged[Cdecl]<nuint, nint> managed = &Take;
        return
        [
            0x48, 0x81, 0xff, .. BitConverter.GetBytes(SmallestBytes), // cmp rdi, SmallestBytes
            0x72, 0x14, // jb to the old way, 20 bytes on
            0x57, // push rdi
            0x48, 0xb8, .. BitConverter.GetBytes((nint)managed), // mov rax, managed
            0xff, 0xd0, // call rax
            0x5f, // pop rdi
            0x48, 0x85, 0xc0, // test rax, rax
            0x74, 0x01, // jz over the ret
            0xc3, // ret
            .. KnownBeginning, .. NativeJump.To(take + NativeJump.Length),
        ];
    }

    /// <summary>Blocks outside the heap's range go to <c>free</c>.</summary>
    private static byte[] CodeThatReturns(nint free)
    {
        delegate* unmanaged[Cdecl]<nint, void> managed = &Return;
        return
        [
            0x48, 0xb8, .. BitConverter.GetBytes(Heap!.Base), // mov rax, base
            0x48, 0x89, 0xfa, // mov rdx, rdi
            0x48, 0x29, 0xc2, // sub rdx, rax
            0x48, 0xb8, .. BitConverter.GetBytes(Heap.Bytes), // mov rax, length
            0x48, 0x39, 0xc2, // cmp rdx, rax
            0x48, 0xb8, .. BitConverter.GetBytes((nint)managed), // mov rax, managed
            0x72, 0x0a, // jb to the jump, 10 bytes on
            0x48, 0xb8, .. BitConverter.GetBytes(free), // mov rax, free
            0xff, 0xe0, // jmp rax
        ];
    }
}
