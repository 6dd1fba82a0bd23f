using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation;

/// <summary>Makes engines of one kind for one model; those of the fused kind share its packed weights and threads.</summary>
public sealed class GenerationEngines : IDisposable
{
    private readonly FusedModel? _fused;
    private readonly Func<SamplingOptions, IGenerationEngine> _create;

    private GenerationEngines(string description, Func<SamplingOptions, IGenerationEngine> create, FusedModel? fused = null)
    {
        Description = description;
        _create = create;
        _fused = fused;
    }

    /// <summary>The kind, for the log.</summary>
    public string Description { get; }

    /// <summary>The kernel that was chosen; auto for the plain model, which has none.</summary>
    public ComputeKernel Kernel => _fused?.Kernels.ForWeights.Kind ?? ComputeKernel.Auto;

    /// <summary>Engines that run the ordinary model.</summary>
    /// <param name="model">the model that answers; it stays with its owner</param>
    public static GenerationEngines Plain(CausalLanguageModel model) => new("the plain model", options => new PlainEngine(model, options));

    /// <summary>Engines that sample where the model is.</summary>
    /// <param name="model">the model that answers, on a GPU; it stays with its owner</param>
    public static GenerationEngines OnDevice(CausalLanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(
            $"plain: operation by operation on {model.Decoder.Device}, tokens drawn there; libtorch offers no CUDA graphs through TorchSharp",
            options => new DeviceEngine(model, options));
    }

    /// <summary>Engines with packed weights and threads of their own (FuseMT).</summary>
    /// <param name="model">the model that answers; it stays with its owner</param>
    /// <param name="threads">threads that generate, at least 1</param>
    /// <param name="kernel">compute_kernel</param>
    /// <param name="precision">of the run</param>
    /// <param name="residence">whether the packed weights leave memory after each rollout</param>
    /// <exception cref="ProximaException">this machine cannot run the kernel</exception>
    public static GenerationEngines Fused(CausalLanguageModel model, int threads, ComputeKernel kernel, ComputePrecision precision, ModelResidence residence = ModelResidence.Stays)
    {
        ArgumentNullException.ThrowIfNull(model);
        long weights = model.NamedParameters().Sum(parameter => parameter.Value.numel());
        var fused = new FusedModel(model, threads, KernelChoice.Make(kernel, precision, weights), residence);
        return new(fused.Description, options => new FusedEngine(fused, options), fused);
    }

    /// <summary>An engine for one way of sampling.</summary>
    public IGenerationEngine Create(SamplingOptions options) => _create(options);

    public void Dispose() => _fused?.Dispose();
}
