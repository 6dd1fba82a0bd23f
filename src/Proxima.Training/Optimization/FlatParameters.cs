using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>
/// All trained weights of a model in one buffer and all their gradients in another, with each parameter a view of its part:
/// a norm, a clip, an optimizer step, zeroing and saving are each one operation. Decayed weights come first.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    private readonly List<(string Name, Parameter Parameter, long Offset, long Count)> _parts = [];

    /// <param name="named">parameters under their checkpoint names; float32, moved into the buffer</param>
    public FlatParameters(IReadOnlyList<(string Name, Parameter Value)> named)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        (string Name, Parameter Value)[] ordered = [.. named.OrderBy(p => Decays(p.Name) ? 0 : 1)];
        long total = ordered.Sum(p => p.Value.numel());
        var device = ordered[0].Value.device;
        Values = zeros(total, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        Gradients = zeros(total, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        long offset = 0;
        foreach ((string name, Parameter parameter) in ordered)
        {
            long count = parameter.numel();
            var part = Values.narrow(0, offset, count).view(parameter.shape);
            part.copy_(parameter);
            parameter.set_(part);
            parameter.requires_grad = true;
            parameter.grad = Gradients.narrow(0, offset, count).view(parameter.shape);
            _parts.Add((name, parameter, offset, count));
            offset += count;
            DecayedCount = Decays(name) ? offset : DecayedCount;
        }
    }

    /// <summary>[N] float32, every weight.</summary>
    public Tensor Values { get; }

    /// <summary>[N] float32, their gradients; the backward pass adds to them.</summary>
    public Tensor Gradients { get; }

    /// <summary>The first so many weights are decayed; biases and norm weights come after them.</summary>
    public long DecayedCount { get; }

    /// <summary>Name of the first parameter whose gradient is not finite.</summary>
    public string? FirstNonFiniteGradient()
    {
        using var scope = NewDisposeScope();
        return _parts.Find(p => !Gradients.narrow(0, p.Offset, p.Count).isfinite().all().item<bool>()).Name;
    }

    /// <summary>Whether weight decay acts on a parameter: not on biases and norm weights.</summary>
    public static bool Decays(string name)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return false;
        }

        string[] path = name.Split('.');
        return !(path[^1] == "weight" && path.Length > 1 && IsNorm(path[^2]));
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    /// <summary>input_layernorm, post_attention_layernorm, norm, q_norm, ln_1, ln_f … but no projection.</summary>
    private static bool IsNorm(string module) =>
        module.EndsWith("norm", StringComparison.Ordinal) || module.StartsWith("ln_", StringComparison.Ordinal);
}
