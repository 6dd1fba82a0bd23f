using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Generation.Fused;

/// <summary>A tensor's numbers as contiguous floats in memory: the tensor's own where it is so already, else a copy.</summary>
internal sealed unsafe class HostTensor : IDisposable
{
    private readonly Tensor _tensor;

    public HostTensor(Tensor tensor)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _tensor = tensor.detach().cpu().to_type(ScalarType.Float32).contiguous().DetachFromDisposeScope();
        First = (float*)TensorAddress.Of(_tensor);
    }

    public float* First { get; }

    /// <summary>The numbers of a small tensor.</summary>
    public static float[] Read(Tensor tensor)
    {
        using HostTensor host = new(tensor);
        return new ReadOnlySpan<float>(host.First, checked((int)tensor.numel())).ToArray();
    }

    public void Dispose() => _tensor.Dispose();
}
