using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>The backbone that all families share: token ids in, hidden states out. Its parameters carry the names of the files.</summary>
public sealed class Decoder : nn.Module
{
    private readonly Parameter _embedding;
    private readonly Parameter? _positions;
    private readonly Rotation? _rotation;
    private readonly DecoderLayer[] _layers;
    private readonly Norm _finalNorm;
    private readonly int?[] _windows;
    private ComputeOptions _options = new();

    /// <param name="config">of the model</param>
    /// <param name="parameters">the weights that <see cref="DecoderParameters"/> lists, in that order; the decoder owns them from now on</param>
    internal Decoder(ModelConfig config, IReadOnlyList<(string Name, Parameter Value)> parameters)
        : base(nameof(Decoder))
    {
        Config = config;
        foreach ((string name, Parameter value) in parameters)
        {
            register_parameter(name, value);
        }

        DecoderTraits traits = config.Traits;
        DecoderNames names = traits.Names;
        ParameterSet weights = new(parameters.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
        _embedding = weights[$"{names.Prefix}.{names.Embedding}.weight"];
        if (traits.Positions == PositionKind.Learned)
        {
            _positions = weights[$"{names.Prefix}.{names.Positions}.weight"];
        }
        else
        {
            _rotation = new(config, Attention.ScaleOf(config), _embedding.device);
        }

        _layers = new DecoderLayer[config.LayerCount];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            _layers[layer] = new(config, weights, layer);
        }

        _finalNorm = weights.Norm($"{names.Prefix}.{names.FinalNorm}", traits);
        _windows = [.. Enumerable.Range(0, config.LayerCount).Select(traits.WindowOf).Distinct()];
        Parameters = parameters;
    }

    /// <summary>The model's description.</summary>
    public ModelConfig Config { get; }

    /// <summary>How this decoder computes.</summary>
    /// <exception cref="ProximaException">exit code Usage: the fused attention kernel is asked for, and the model caps its attention scores</exception>
    public ComputeOptions Options
    {
        get => _options;
        set => _options = value.FusedAttention && Config.Traits.AttentionSoftCap is not null
            ? throw new ProximaException(
                ExitCode.Usage,
                $"use_flash_attention = true: {Config.Architecture} caps its attention scores, which the fused kernel cannot. Leave use_flash_attention out.")
            : value;
    }

    /// <summary>Told of each layer in passes that learn; null: nobody.</summary>
    public LayerWatch? Watch { get; set; }

    /// <summary>Where the weights are, and where inputs are expected.</summary>
    public Device Device => _embedding.device;

    /// <summary>Type of the operands of matrix products, and of keys and values.</summary>
    public ScalarType ProductType => Precision.Products;

    /// <summary>Types of a forward pass.</summary>
    internal Precision Precision => Precision.Of(Options, _embedding.dtype);

    /// <summary>The embedding, [V, C].</summary>
    internal Parameter Embedding => _embedding;

    /// <summary>The weights in the order of the forward pass.</summary>
    internal IReadOnlyList<(string Name, Parameter Value)> Parameters { get; }

    /// <summary>Hidden states after the last norm.</summary>
    /// <param name="ids">[B, T] int64 token ids</param>
    /// <param name="positions">[B, T] int64 place of each token in its text, from lengths; any place will do for padding</param>
    /// <param name="keyMask">
    /// [B, S] bool, S = cached + T, true where a key may be seen. null: every key, which is right for right padding, since
    /// a token never sees a later one.
    /// </param>
    /// <param name="cache">earlier tokens; these ones are added. null: there are none</param>
    /// <returns>[B, T, C] in the type of the stream; rows of padding hold numbers without meaning</returns>
    /// <exception cref="ArgumentException">a shape is wrong, or the cache is full</exception>
    public Tensor Forward(Tensor ids, Tensor positions, Tensor? keyMask = null, KeyValueCache? cache = null)
    {
        (long B, long T) = CheckShapes(ids, positions, keyMask, cache);
        Recomputation.ThrowIfFailed();
        using var scope = NewDisposeScope();
        var x = _embedding.index_select(0, ids.flatten()).view(B, T, Config.HiddenSize).to_type(Precision.Stream); // [B, T, C]
        if (Config.Traits.EmbeddingScale is double factor)
        {
            using var rounded = tensor(factor, dtype: x.dtype, device: CPU); // transformers rounds the factor to the compute type
            x = x.mul(rounded.to_type(ScalarType.Float32).item<float>());
        }

        if (_positions is not null)
        {
            x = x.add(_positions.index_select(0, positions.flatten()).view(B, T, Config.HiddenSize));
        }

        ForwardPass pass = Prepare(B, T, positions, keyMask, cache);
        LayerWatch? watch = is_grad_enabled() ? Watch : null;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            var previous = x;
            x = watch is null ? _layers[layer].Forward(previous, pass) : Watched(layer, previous, pass, watch); // [B, T, C]
            previous.Dispose();
        }

        cache?.Advance((int)T);
        return _finalNorm.Forward(x).MoveToOuterDisposeScope(); // [B, T, C]
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rotation?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Watched(int layer, Tensor x, ForwardPass pass, LayerWatch watch)
    {
        using var scope = NewDisposeScope();
        watch.BeforeForward(layer);
        var result = _layers[layer].Forward(WatchPoint.Pass(x, () => watch.AfterBackward(layer)), pass);
        watch.AfterForward(layer);
        return WatchPoint.Pass(result, () => watch.BeforeBackward(layer)).MoveToOuterDisposeScope();
    }

    private ForwardPass Prepare(long B, long T, Tensor positions, Tensor? keyMask, KeyValueCache? cache)
    {
        long cached = cache?.Length ?? 0;
        Precision precision = Precision;
        AttentionKernel kernel = Attention.KernelFor(Config, T, cached, Options.FusedAttention);
        WindowMask[] masks = new WindowMask[_windows.Length];
        for (int i = 0; i < masks.Length; i++)
        {
            var mask = AttentionMask.Build((B, T, cached + T), keyMask, _windows[i], precision.Products, Device);
            bool isCausalOnly = keyMask is null && _windows[i] is null;
            masks[i] = new(_windows[i], isCausalOnly, mask is null || kernel == AttentionKernel.Fused ? mask : AttentionMask.Group(mask, Config));
        }

        RecomputeGranularity? recompute = is_grad_enabled() ? Options.Recompute : null;
        return new(B, T, _rotation?.Compute(positions, precision.Products), masks, cache, kernel, precision, recompute);
    }

    private static (long B, long T) CheckShapes(Tensor ids, Tensor positions, Tensor? keyMask, KeyValueCache? cache)
    {
        if (ids.shape is not [var B, var T] || ids.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"ids is {Describe(ids)}, int64 [B, T] expected", nameof(ids));
        }

        if (positions.shape is not [var rows, var columns] || rows != B || columns != T || positions.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"positions is {Describe(positions)}, int64 [{B}, {T}] expected", nameof(positions));
        }

        long S = T + (cache?.Length ?? 0);
        if (keyMask is not null && (keyMask.shape is not [var maskRows, var keys] || maskRows != B || keys != S || keyMask.dtype != ScalarType.Bool))
        {
            throw new ArgumentException($"keyMask is {Describe(keyMask)}, bool [{B}, {S}] expected", nameof(keyMask));
        }

        if (cache is not null && (cache.Batch != B || S > cache.Capacity))
        {
            throw new ArgumentException($"cache holds {cache.Batch} rows of at most {cache.Capacity} tokens; {B} rows of {S} are asked for", nameof(cache));
        }

        return (B, T);
    }

    private static string Describe(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
