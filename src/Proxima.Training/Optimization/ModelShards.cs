using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training.Ranks;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// What a rank holds of a model that learns, and how it gets the rest (ZeRO; Rajbhandari et al. 2020, section 5). The flat buffers of all
/// stages have all numbers; of those that other ranks hold, the pages are given back. So neither the model nor AdamW knows of it.
/// Stage 1 divides moments and master weights, stage 2 gradients too, stage 3 the matrices of the layers too.
/// </summary>
internal sealed unsafe class ModelShards : IDividedWeights, IDisposable
{
    private readonly string _model;
    private readonly FlatParameters _parameters;
    private readonly ShardedRanks _ranks;
    private readonly FlatRange[] _parts;
    private readonly FlatBuffer? _sums; // gradients of this rank's part, over the ranks; null when nothing is sharded
    private FlatRange[] _layers = []; // the matrices of each layer
    private IReadOnlyList<FlatRange> _rest; // everything else
    private bool _isWhole = true;
    private bool _returnsToRest; // once a checkpoint is saved

    /// <param name="model">its name, for messages</param>
    /// <param name="parameters">its weights and gradients</param>
    /// <param name="ranks">who holds what</param>
    public ModelShards(string model, FlatParameters parameters, ShardedRanks ranks)
    {
        (_model, _parameters, _ranks) = (model, parameters, ranks);
        _parts = FlatRange.Divide(parameters.Count, ranks.Group.Size);
        _rest = [new FlatRange(0, parameters.Count)];
        if (ranks.Stage != Sharding.None)
        {
            _sums = new FlatBuffer(parameters.Count, ScalarType.Float32);
            Keep(_sums);
            ReleaseMasters();
        }
    }

    /// <summary>The part of the model that this rank holds.</summary>
    public FlatRange Part => _parts[_ranks.Group.Rank];

    /// <summary>[ranks of the group] the parts of all.</summary>
    public IReadOnlyList<FlatRange> Parts => _parts;

    /// <summary>The ranks.</summary>
    public ShardedRanks Ranks => _ranks;

    /// <summary>Gradient of the first weight. Those of <see cref="Part"/> are the sums over all ranks after <see cref="SumGradients"/>.</summary>
    public float* FirstGradient => _sums is null ? _parameters.FirstGradient : _sums.Floats;

    private bool DividesGradients => _ranks.Stage >= Sharding.Stage2;

    private bool DividesWeights => _ranks.Stage == Sharding.Stage3;

    /// <summary>Follows the passes of the model, so that gradients, and weights, of one layer at a time take memory.</summary>
    public void Follow(Decoder decoder)
    {
        if (!DividesGradients)
        {
            return;
        }

        _parameters.ClearGradients(new FlatRange(0, _parameters.Count));
        DecoderNames names = decoder.Config.Traits.Names;
        _layers = [.. Enumerable.Range(0, decoder.Config.LayerCount).Select(layer => _parameters.MatricesOf(names.Layer(layer)))];
        _rest = FlatRange.Rest(_parameters.Count, [.. _layers.OrderBy(range => range.Start)]);
        decoder.Watch = new LayerWatch(
            layer => GatherLayer(layer),
            layer => ReleaseLayer(layer),
            layer => Guarded(() => GatherLayer(layer)),
            layer => Guarded(() => EndLayer(layer)));
    }

    /// <summary>Gives back memory that only other buffers than this one's need: moments.</summary>
    public void Keep(FlatBuffer buffer)
    {
        if (_ranks.Stage != Sharding.None)
        {
            buffer.Clear(new FlatRange(0, Part.Start));
            buffer.Clear(new FlatRange(Part.End, _parameters.Count - Part.End));
        }
    }

    /// <summary>Each layer goes to its owners; embedding, head and norms stay.</summary>
    public void Release()
    {
        if (DividesWeights && _isWhole)
        {
            _isWhole = false;
            for (int layer = 0; layer < _layers.Length; layer++)
            {
                ReleaseLayer(layer);
            }
        }
    }

    /// <summary>Every rank gets all weights, for rollouts and scores.</summary>
    public void Gather()
    {
        if (!_isWhole)
        {
            foreach (FlatRange layer in _layers)
            {
                Gather(layer, _parameters.Computed);
            }

            _isWhole = true;
        }
    }

    /// <summary>Ends the backward passes of a micro-batch.</summary>
    public void EndMicroBatch()
    {
        if (!DividesGradients)
        {
            _parameters.CollectGradients();
            return;
        }

        foreach (FlatRange range in _rest)
        {
            SumPart(range);
        }
    }

    /// <summary>Sums the gradients of all micro-batches over the ranks.</summary>
    public void SumGradients()
    {
        if (_sums is null)
        {
            SumOverReplicas();
            return;
        }

        if (!DividesGradients)
        {
            SumPart(new FlatRange(0, _parameters.Count));
        }

        _ranks.Replicas.AllReduce($"gradients of a part of the {_model}", _sums.Floats + Part.Start, Part.Count, Reduction.Sum);
    }

    /// <summary>The norm of the summed gradients of the whole model.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        if (_sums is null)
        {
            return _parameters.Gradients.norm().item<float>();
        }

        double own = Part.Count == 0 ? 0 : _sums.Tensor.narrow(0, Part.Start, Part.Count).norm().item<float>();
        return Math.Sqrt(_ranks.Group.Exchange($"gradient norm of the {_model}", BitConverter.GetBytes(own * own)).Sum(square => BitConverter.ToDouble(square)));
    }

    /// <summary>Name of a parameter whose summed gradient is not finite. All ranks call it.</summary>
    public string? NonFiniteGradient()
    {
        string? own = _parameters.FirstNonFinite(_sums?.Tensor ?? _parameters.Gradients, Part);
        byte[][] names = _ranks.Group.Exchange("name of a gradient", System.Text.Encoding.UTF8.GetBytes(own ?? ""));
        return Array.Find(names, name => name.Length > 0) is { } first ? System.Text.Encoding.UTF8.GetString(first) : null;
    }

    /// <summary>After an optimizer step has moved this rank's part of the weights: all ranks get what they hold of them.</summary>
    public void ShareWeights()
    {
        foreach (FlatRange range in DividesWeights && !_isWhole ? _rest : [new FlatRange(0, _parameters.Count)])
        {
            Gather(range, _parameters.Computed);
        }
    }

    /// <summary>Sets all gradients to 0.</summary>
    public void ClearGradients()
    {
        if (_sums is not null)
        {
            _sums.Clear(Part);
        }

        if (!DividesGradients)
        {
            _parameters.Gradients.zero_();
        }
    }

    /// <summary>Fills in the float32 weights that other ranks hold, for saving. All ranks call it.</summary>
    public void GatherMasters()
    {
        if (_parameters.HasCopies)
        {
            Gather(new FlatRange(0, _parameters.Count), _parameters.Masters);
        }
        else
        {
            _returnsToRest = !_isWhole;
            Gather();
        }
    }

    /// <summary>Gives back what <see cref="GatherMasters"/> got.</summary>
    public void ReleaseMasters()
    {
        if (_parameters.HasCopies)
        {
            Keep(_parameters.Masters);
        }
        else if (_returnsToRest)
        {
            Release();
        }

        _returnsToRest = false;
    }

    /// <summary>After all float32 weights were read from a checkpoint.</summary>
    public void TakeOver()
    {
        _parameters.RefreshCopies();
        _isWhole = true;
        ReleaseMasters();
    }

    public void Dispose() => _sums?.Dispose();

    /// <summary>A failure in the backward pass cannot be thrown through libtorch.</summary>
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Whatever it is, the other ranks must not wait for this one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"rank {_ranks.All.Rank}: error: {exception.Message}");
            Console.Error.Flush();
            _ranks.All.Abort((int)(exception is Core.ProximaException known ? known.ExitCode : Core.ExitCode.Internal));
            ProcessEnd.Now((int)Core.ExitCode.Internal);
        }
    }

    private void SumOverReplicas()
    {
        string what = $"gradients of the {_model}";
        if (_parameters.IsOnHost)
        {
            _ranks.Replicas.AllReduce(what, _parameters.FirstGradient, _parameters.Count, Reduction.Sum);
        }
        else
        {
            _ranks.OnDevice?.AllReduce(what, TensorAddress.Of(_parameters.Gradients), _parameters.Count);
        }
    }

    private void GatherLayer(int layer)
    {
        if (DividesWeights && !_isWhole)
        {
            Gather(_layers[layer], _parameters.Computed);
        }
    }

    private void ReleaseLayer(int layer)
    {
        if (!DividesWeights || _isWhole)
        {
            return;
        }

        FlatRange range = _layers[layer];
        foreach (FlatRange part in _parts.Where(part => part != Part))
        {
            _parameters.Computed.Clear(range.Overlap(part));
        }
    }

    private void EndLayer(int layer)
    {
        SumPart(_layers[layer]);
        ReleaseLayer(layer);
    }

    /// <summary>Adds the gradients of a range, summed over the group, to those that this rank holds, and clears them.</summary>
    private void SumPart(FlatRange range)
    {
        _parameters.CollectGradients(range);
        long[] counts = [.. _parts.Select(part => part.Overlap(range).Count)];
        FlatRange own = Part.Overlap(range);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var sums = new FlatBuffer(Math.Max(1, own.Count), ScalarType.Float32);
        _ranks.Group.ReduceScatter($"gradients of the {_model}", _parameters.FirstGradient + range.Start, counts, sums.Floats);
        if (own.Count > 0)
        {
            _sums!.Tensor.narrow(0, own.Start, own.Count).add_(sums.Tensor.narrow(0, 0, own.Count));
        }

        if (DividesGradients)
        {
            _parameters.ClearGradients(range);
        }
    }

    private void Gather(FlatRange range, FlatBuffer buffer)
    {
        if (_ranks.Group.Size > 1)
        {
            long size = buffer.NumberSize;
            long[] bytes = [.. _parts.Select(part => part.Overlap(range).Count * size)];
            _ranks.Group.AllGather($"weights of the {_model}", (byte*)buffer.First + (range.Start * size), bytes);
        }
    }
}
