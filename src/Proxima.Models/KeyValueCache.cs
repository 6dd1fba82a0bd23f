using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>
/// Keys and values of the tokens seen so far, so that a forward pass needs only the new ones. Space for the whole answer is
/// taken at once. It belongs to one set of weights: after an optimizer step it is stale.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly int _keyHeads;
    private readonly int _headSize;
    private readonly Tensor[] _keys; // each [B · Hkv, D, capacity]: transposed, ready for the product with queries
    private readonly Tensor[] _values; // each [B · Hkv, capacity, D]

    /// <param name="config">of the model</param>
    /// <param name="batch">rows, B</param>
    /// <param name="capacity">tokens a row at most</param>
    /// <param name="dtype">the compute type of the model</param>
    /// <param name="device">of the model; null: the CPU</param>
    public KeyValueCache(ModelConfig config, int batch, int capacity, ScalarType dtype, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _keyHeads = config.KeyValueHeadCount;
        _headSize = config.HeadSize;
        Batch = batch;
        Capacity = capacity;
        long rows = (long)batch * _keyHeads;
        _keys = Allocate([rows, _headSize, capacity]);
        _values = Allocate([rows, capacity, _headSize]);

        Tensor[] Allocate(long[] shape)
        {
            Tensor[] tensors = new Tensor[config.LayerCount];
            for (int layer = 0; layer < tensors.Length; layer++)
            {
                tensors[layer] = empty(shape, dtype: dtype, device: device).DetachFromDisposeScope();
            }

            return tensors;
        }
    }

    /// <summary>Rows, B.</summary>
    public int Batch { get; private set; }

    /// <summary>Tokens a row at most.</summary>
    public int Capacity { get; }

    /// <summary>Tokens a row so far, padding included.</summary>
    public int Length { get; private set; }

    /// <summary>Keeps some rows, in the given order.</summary>
    /// <param name="rowIndices">[B'] int64</param>
    public void KeepRows(Tensor rowIndices)
    {
        ArgumentNullException.ThrowIfNull(rowIndices);
        ReplaceRows(rows => rows.index_select(0, rowIndices));
        Batch = (int)rowIndices.numel();
    }

    /// <summary>Repeats each row, the copies side by side: the prompts of several samples each.</summary>
    public void RepeatRows(int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        ReplaceRows(rows => rows.repeat_interleave(times, 0));
        Batch *= times;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Adds the tokens of a forward pass to one layer; <see cref="Advance"/> follows when every layer has them.</summary>
    /// <param name="layer">number of the layer</param>
    /// <param name="keys">[B · Hkv, T, D]</param>
    /// <param name="values">[B · Hkv, T, D]</param>
    /// <returns>all keys [B · Hkv, D, S] and values [B · Hkv, S, D]</returns>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        long count = keys.shape[1];
        _keys[layer].narrow(2, Length, count).copy_(keys.transpose(1, 2));
        _values[layer].narrow(1, Length, count).copy_(values);
        return (_keys[layer].narrow(2, 0, Length + count), _values[layer].narrow(1, 0, Length + count));
    }

    internal void Advance(int count) => Length += count;

    /// <summary>Replaces the rows [B, …] of every tensor.</summary>
    private void ReplaceRows(Func<Tensor, Tensor> replace)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (Tensor[] tensors in new[] { _keys, _values })
        {
            for (int layer = 0; layer < tensors.Length; layer++)
            {
                long[] shape = tensors[layer].shape;
                var replaced = replace(tensors[layer].view(Batch, -1)).view(-1, shape[1], shape[2]).DetachFromDisposeScope();
                tensors[layer].Dispose();
                tensors[layer] = replaced;
            }
        }
    }
}
