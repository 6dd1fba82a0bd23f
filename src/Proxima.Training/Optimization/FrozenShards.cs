using Proxima.Core.Settings;
using Proxima.Training.Ranks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>A model that does not learn, of which each rank of a group keeps a part, and the whole only while it scores (stage 3).</summary>
public sealed unsafe class FrozenShards : IDividedWeights, IDisposable
{
    private readonly string _model;
    private readonly ShardedRanks _ranks;
    private readonly FlatBuffer _weights;
    private readonly FlatRange[] _parts;
    private bool _isWhole = true;

    private FrozenShards(string model, IReadOnlyList<(string Name, Parameter Value)> named, ShardedRanks ranks)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (_model, _ranks) = (model, ranks);
        _weights = new FlatBuffer(named.Sum(p => p.Value.numel()), named[0].Value.dtype);
        _parts = FlatRange.Divide(_weights.Tensor.numel(), ranks.Group.Size);
        long offset = 0;
        foreach ((_, Parameter parameter) in named)
        {
            var view = _weights.Part(offset, parameter.shape);
            view.copy_(parameter);
            parameter.set_(view);
            offset += parameter.numel();
        }
    }

    /// <summary>Moves the weights of a model into a buffer, where the settings divide them; else null.</summary>
    /// <param name="model">its name, for messages</param>
    /// <param name="named">its parameters, all of one type</param>
    /// <param name="ranks">who holds what</param>
    public static FrozenShards? Of(string model, IReadOnlyList<(string Name, Parameter Value)> named, ShardedRanks ranks) =>
        ranks.Stage == Sharding.Stage3 ? new FrozenShards(model, named, ranks) : null;

    public void Release()
    {
        _isWhole = false;
        for (int rank = 0; rank < _parts.Length; rank++)
        {
            if (rank != _ranks.Group.Rank)
            {
                _weights.Clear(_parts[rank]);
            }
        }
    }

    public void Gather()
    {
        if (!_isWhole)
        {
            _ranks.Group.AllGather($"weights of the {_model}", _weights.First, [.. _parts.Select(part => part.Count * _weights.NumberSize)]);
            _isWhole = true;
        }
    }

    public void Dispose() => _weights.Dispose();
}
