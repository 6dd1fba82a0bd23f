using Proxima.Distributed;
using Proxima.Distributed.Nccl;
using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Gpu.Tests;

public sealed class NcclTests
{
    [Fact]
    public void A_world_of_one_keeps_every_number()
    {
        Device gpu = Gpu.Get();
        using var scope = NewDisposeScope();
        NcclLibrary library = NcclLibrary.LoadBeside(LibTorch.Folder!);
        using NcclRanks ranks = NcclRanks.Start(library, new SingleRank(), gpu.index);
        var numbers = arange(1000, dtype: ScalarType.Float32, device: gpu);
        var copy = zeros(1000, dtype: ScalarType.Float32, device: gpu);

        ranks.AllReduce("test", TensorAddress.Of(numbers), 1000);
        ranks.Broadcast("test", TensorAddress.Of(numbers), 1000, root: 0);
        ranks.ReduceScatter("test", TensorAddress.Of(numbers), 1000, TensorAddress.Of(copy));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (float)i), numbers.cpu().data<float>().ToArray());
        Assert.Equal(numbers.cpu().data<float>().ToArray(), copy.cpu().data<float>().ToArray());

        copy.zero_();
        ranks.AllGather("test", TensorAddress.Of(numbers), 1000, TensorAddress.Of(copy));
        Assert.Equal(numbers.cpu().data<float>().ToArray(), copy.cpu().data<float>().ToArray());
    }
}
