using System.Runtime.InteropServices;
using CsCheck;
using Proxima.Models.Native;

namespace Proxima.Tests.Models.Native;

public sealed unsafe class PageMemoryTests
{
    private const int Bytes = 5 * 4096;

    [Fact]
    public void Exactly_the_bytes_that_were_named_are_0_afterwards()
    {
        byte* buffer = (byte*)NativeMemory.Alloc(Bytes);
        try
        {
            Gen.Select(Gen.Int[0, Bytes], Gen.Int[0, Bytes]).Sample((a, b) =>
            {
                (int start, int end) = (Math.Min(a, b), Math.Max(a, b));
                new Span<byte>(buffer, Bytes).Fill(7);
                PageMemory.Clear(buffer + start, end - start);
                Assert.Equal(Enumerable.Range(0, Bytes).Select(i => (byte)(i >= start && i < end ? 0 : 7)), new Span<byte>(buffer, Bytes).ToArray());
            }, iter: 50, threads: 1);
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
