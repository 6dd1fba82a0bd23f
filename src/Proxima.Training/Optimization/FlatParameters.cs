using Proxima.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// All trained weights of a model in one float32 buffer and all their gradients in another: a norm, a clip, an optimizer step,
/// zeroing and saving are each one operation. The model's parameters are views of that buffer, or of a copy of it that is
/// rounded to 16 bit (master weights: Micikevicius et al. 2018, section 3.1). Decayed weights come first.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private readonly List<Part> _parts = [];
    private readonly FlatBuffer _values;
    private readonly GradientMemory _gradients;
    private readonly bool _ownsGradients;
    private readonly FlatBuffer? _copies;
    private readonly ScalarType? _rounding; // of copies that are kept in a wider type

    /// <param name="named">the model's parameters under their checkpoint names, moved into a buffer on their device; in the type of the copies</param>
    /// <param name="copies">what the model computes with</param>
    /// <param name="exact">the weights as they were stored, in the same order; null: as the parameters are</param>
    /// <param name="gradients">memory that other models use too, at other times; null: memory of its own</param>
    public FlatParameters(
        IReadOnlyList<(string Name, Parameter Value)> named,
        WeightCopies copies = WeightCopies.None,
        IReadOnlyList<(string Name, Parameter Value)>? exact = null,
        GradientMemory? gradients = null)
    {
        ArgumentNullException.ThrowIfNull(named);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int[] order = [.. Enumerable.Range(0, named.Count).OrderBy(i => Decays(named[i].Name) ? 0 : 1)];
        Count = named.Sum(p => p.Value.numel());
        Device device = named[0].Value.device;
        _values = new FlatBuffer(Count, ScalarType.Float32, device);
        if (IsOnHost && copies == WeightCopies.Float16)
        {
            throw new ArgumentException("float16 copies are kept on a GPU alone", nameof(copies));
        }

        _ownsGradients = gradients is null;
        _gradients = gradients ?? new GradientMemory(Count, copies, ModelResidence.Stays, device);
        Gradients = _gradients.Wide.Part(0, [Count]).DetachFromDisposeScope();
        _copies = copies == WeightCopies.None ? null : new FlatBuffer(Count, copies.NumberType(), device);
        _rounding = copies == WeightCopies.Rounded ? ScalarType.BFloat16 : null;
        long offset = 0;
        foreach (int i in order)
        {
            (string name, Parameter parameter) = named[i];
            long[] shape = parameter.shape;
            _values.Part(offset, shape).copy_((exact ?? named)[i].Value);
            parameter.set_((_copies ?? _values).Part(offset, shape));
            parameter.requires_grad = true;
            parameter.grad = (_gradients.Narrow ?? _gradients.Wide).Part(offset, shape);
            _parts.Add(new Part(name, offset, shape));
            offset += parameter.numel();
            DecayedCount = Decays(name) ? offset : DecayedCount;
        }

        RefreshCopies();
    }

    /// <summary>N.</summary>
    public long Count { get; }

    /// <summary>[N] float32, every weight.</summary>
    public Tensor Values => _values.Tensor;

    /// <summary>[N] float32, their gradients; complete at the end of a micro-batch.</summary>
    public Tensor Gradients { get; }

    /// <summary>The first so many weights are decayed; biases and norm weights come after them.</summary>
    public long DecayedCount { get; }

    /// <summary>Whether the processor works on the buffers itself.</summary>
    internal bool IsOnHost => _values.IsOnHost;

    internal unsafe float* FirstValue => _values.Floats;

    internal unsafe float* FirstGradient => _gradients.Wide.Floats;

    /// <summary>Each weight as a view of <see cref="Values"/>, under its checkpoint name; the views belong to the open scope.</summary>
    public IReadOnlyDictionary<string, Tensor> Named() => Named(Values);

    /// <summary>Numbers that lie as the weights do, such as a copy of them, in the same way.</summary>
    /// <param name="numbers">[N]</param>
    internal IReadOnlyDictionary<string, Tensor> Named(Tensor numbers) =>
        _parts.ToDictionary(part => part.Name, part => numbers.narrow(0, part.Offset, part.Count).view(part.Shape));

    /// <summary>Whether the model computes with copies of the weights.</summary>
    internal bool HasCopies => _copies is not null;

    /// <summary>What the model computes with.</summary>
    internal FlatBuffer Computed => _copies ?? _values;

    /// <summary>The float32 weights.</summary>
    internal FlatBuffer Masters => _values;

    /// <summary>
    /// Adds the 16-bit gradients of a backward pass to the float32 ones and zeroes them, so that no sum over micro-batches is a
    /// 16-bit one. Float32 gradients are there already.
    /// </summary>
    public void CollectGradients() => CollectGradients(new FlatRange(0, Count));

    /// <summary>The same for some of the weights.</summary>
    internal unsafe void CollectGradients(FlatRange range)
    {
        if (_gradients.Narrow is not { } narrow)
        {
            return;
        }

        if (IsOnHost)
        {
            FlatBuffer.ForEachBlock(range, (start, count) => BFloat16Copy.Collect((ushort*)narrow.First + start, FirstGradient + start, count));
            return;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var ofMicroBatch = narrow.Tensor.narrow(0, range.Start, range.Count);
        Gradients.narrow(0, range.Start, range.Count).add_(ofMicroBatch);
        ofMicroBatch.zero_();
    }

    /// <summary>Sets gradients to 0 and gives their memory back.</summary>
    internal void ClearGradients(FlatRange range) => _gradients.Clear(range);

    /// <summary>The decayed weights of a module, which lie side by side.</summary>
    /// <param name="module">its name, without a point at the end</param>
    internal FlatRange MatricesOf(string module)
    {
        Part[] parts = [.. _parts.Where(part => part.Name.StartsWith(module + ".", StringComparison.Ordinal) && part.Offset < DecayedCount)];
        long count = parts.Sum(part => part.Count);
        return parts.Length > 0 && parts[^1].Offset + parts[^1].Count == parts[0].Offset + count
            ? new FlatRange(parts[0].Offset, count)
            : throw new InvalidOperationException($"the matrices of {module} do not lie side by side");
    }

    /// <summary>The gradients are 0 and not needed until the next update: with offload their memory is given back.</summary>
    public void EndUpdate() => _gradients.EndUpdate();

    /// <summary>Writes the copies anew after <see cref="Values"/> were changed from outside.</summary>
    public void RefreshCopies()
    {
        if (IsOnHost)
        {
            FlatBuffer.ForEachBlock(new FlatRange(0, Count), Copy);
        }
        else if (_copies is not null)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            _copies.Tensor.copy_(_rounding is { } type ? Values.to_type(type) : Values);
        }
    }

    /// <summary>Name of the first parameter of which a number is not finite.</summary>
    /// <param name="numbers">[N] one for each weight</param>
    /// <param name="range">those that are looked at</param>
    internal string? FirstNonFinite(Tensor numbers, FlatRange range)
    {
        using var scope = NewDisposeScope();
        return _parts.Find(part =>
        {
            FlatRange looked = range.Overlap(new FlatRange(part.Offset, part.Count));
            return looked.Count > 0 && !numbers.narrow(0, looked.Start, looked.Count).isfinite().all().item<bool>();
        })?.Name;
    }

    /// <summary>Whether weight decay acts on a parameter: not on biases and norm weights.</summary>
    public static bool Decays(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return false;
        }

        string[] path = name.Split('.');
        return !(path[^1] == "weight" && path.Length > 1 && IsNorm(path[^2]));
    }

    public void Dispose()
    {
        _values.Dispose();
        Gradients.Dispose();
        if (_ownsGradients)
        {
            _gradients.Dispose();
        }

        _copies?.Dispose();
    }

    /// <summary>Rounds some weights on the host into the copy, where there is one.</summary>
    internal unsafe void Copy(long start, long count)
    {
        if (_copies is not null && _gradients.Narrow is not null)
        {
            BFloat16Copy.Narrow(_values.Floats + start, (ushort*)_copies.First + start, count);
        }
        else if (_copies is not null)
        {
            BFloat16Copy.Round(_values.Floats + start, _copies.Floats + start, count);
        }
    }

    /// <summary>input_layernorm, post_attention_layernorm, norm, q_norm, ln_1, ln_f … but no projection.</summary>
    private static bool IsNorm(string module) =>
        module.EndsWith("norm", StringComparison.Ordinal) || module.StartsWith("ln_", StringComparison.Ordinal);

    private sealed record Part(string Name, long Offset, long[] Shape)
    {
        public long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);
    }
}
