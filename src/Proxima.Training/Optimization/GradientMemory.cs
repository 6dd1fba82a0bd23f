using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// Where gradients are summed: float32, and 16-bit ones beside it for models that compute with 16-bit copies. With offload actor and
/// critic, which are updated one after the other, share one, and its pages are given back between updates.
/// </summary>
public sealed class GradientMemory : IDisposable
{
    private readonly FlatBuffer _wide;
    private readonly FlatBuffer? _narrow;
    private readonly ModelResidence _residence;

    /// <param name="count">weights of the largest model that uses it</param>
    /// <param name="copies">what the models compute with</param>
    /// <param name="residence">whether the memory is given back between updates</param>
    /// <param name="device">of the models; null: the CPU</param>
    public GradientMemory(long count, WeightCopies copies, ModelResidence residence, Device? device = null)
    {
        _wide = new FlatBuffer(count, ScalarType.Float32, device);
        _narrow = copies is WeightCopies.BFloat16 or WeightCopies.Float16 ? new FlatBuffer(count, copies.NumberType(), device) : null;
        _residence = residence;
        EndUpdate();
    }

    internal FlatBuffer Wide => _wide;

    /// <summary>Null unless the models compute with 16-bit copies.</summary>
    internal FlatBuffer? Narrow => _narrow;

    /// <summary>All gradients are 0 and not needed until the next update.</summary>
    public void EndUpdate()
    {
        if (_residence == ModelResidence.Leaves)
        {
            Clear(new FlatRange(0, _wide.Tensor.numel()));
        }
    }

    /// <summary>Sets gradients to 0 and gives their memory back.</summary>
    internal void Clear(FlatRange range)
    {
        _wide.Clear(range);
        _narrow?.Clear(range);
    }

    public void Dispose()
    {
        _wide.Dispose();
        _narrow?.Dispose();
    }
}
