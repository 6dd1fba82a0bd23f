using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Tests.Models.Native;

public sealed class TensorHeapTests
{
    private const long Bytes = 1L << 30; // more than what tests beside this one take and give back meanwhile

    [Fact]
    public void A_large_tensor_lies_in_the_heap_and_leaves_it()
    {
        LibTorch.Load();
        Assert.SkipWhen(Environment.GetEnvironmentVariable(TensorHeap.Variable) == "malloc", "the environment leaves tensors to malloc");
        Assert.Equal("a heap of their own", LibTorch.TensorMemory);
        long before = TensorHeap.LiveBytes!.Value;
        using (Tensor large = empty([Bytes], dtype: ScalarType.Byte))
        {
            Assert.InRange(TensorHeap.LiveBytes.Value - before, Bytes / 2, 2 * Bytes);
        }

        Assert.InRange(TensorHeap.LiveBytes.Value - before, -Bytes / 2, Bytes / 2);
    }

    [Fact]
    public void What_the_heap_cannot_hold_ends_as_an_error_of_libtorch()
    {
        LibTorch.Load();
        Exception refused = Assert.ThrowsAny<Exception>(() => empty([1L << 60], dtype: ScalarType.Byte));
        Assert.Contains("memory", refused.Message, StringComparison.OrdinalIgnoreCase);
    }
}
