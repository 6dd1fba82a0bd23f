using Proxima.Core.Settings;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>
/// Attention with grouped heads. The query heads of one key head are rows of one product, so keys and values are never
/// copied for each of them.
/// </summary>
internal sealed class Attention
{
    // Below this length plain products are faster than the fused kernel; above it the scores take too much memory.
    private const long FusedLength = 512;

    private readonly ModelConfig _config;
    private readonly int _layer;
    private readonly Projection? _fused;
    private readonly Projection? _query;
    private readonly Projection? _key;
    private readonly Projection? _value;
    private readonly Projection _output;
    private readonly Norm? _queryNorm;
    private readonly Norm? _keyNorm;
    private readonly int? _window;
    private readonly double _scale;

    /// <param name="config">of the model</param>
    /// <param name="weights">of the model</param>
    /// <param name="layer">number of the layer</param>
    public Attention(ModelConfig config, ParameterSet weights, int layer)
    {
        _config = config;
        _layer = layer;
        DecoderTraits traits = config.Traits;
        DecoderNames names = traits.Names;
        string prefix = names.Layer(layer);
        if (names.QueryKeyValue is string fused)
        {
            _fused = weights.Projection($"{prefix}.{fused}", traits.Layout);
        }
        else
        {
            _query = weights.Projection($"{prefix}.{names.Query}", traits.Layout);
            _key = weights.Projection($"{prefix}.{names.Key}", traits.Layout);
            _value = weights.Projection($"{prefix}.{names.Value}", traits.Layout);
        }

        if (traits.QueryKeyNorms)
        {
            _queryNorm = weights.Norm($"{prefix}.{names.QueryNorm}", traits);
            _keyNorm = weights.Norm($"{prefix}.{names.KeyNorm}", traits);
        }

        _output = weights.Projection($"{prefix}.{names.Output}", traits.Layout);
        _window = traits.WindowOf(layer);
        _scale = ScaleOf(config);
    }

    /// <summary>Factor on the attention scores.</summary>
    public static double ScaleOf(ModelConfig config) => config.Traits.AttentionScale ?? 1 / Math.Sqrt(config.HeadSize);

    /// <summary>The kernel for T new tokens on top of cached ones; the fused one has no soft cap and needs all keys to be new.</summary>
    /// <param name="config">of the model</param>
    /// <param name="T">new tokens</param>
    /// <param name="cached">tokens before them</param>
    /// <param name="always">whether the fused kernel is taken for short texts too</param>
    public static AttentionKernel KernelFor(ModelConfig config, long T, long cached, bool always) =>
        (always || T >= FusedLength) && cached == 0 && config.Traits.AttentionSoftCap is null ? AttentionKernel.Fused : AttentionKernel.Products;

    /// <param name="x">[B, T, C] in the type of products</param>
    /// <param name="pass">what the layers share</param>
    /// <returns>[B, T, C] in the type of products</returns>
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        (long B, long T) = (pass.B, pass.T);
        (int H, int D) = (_config.HeadCount, _config.HeadSize);
        (Tensor queries, Tensor keys, Tensor values) = Project(x, pass.Precision);
        (queries, keys) = Place(queries, keys, pass);
        queries = SplitHeads(queries, B, T, H).reshape(-1, H / _config.KeyValueHeadCount * T, D); // [B · Hkv, G · T, D]
        keys = SplitHeads(keys, B, T, _config.KeyValueHeadCount).reshape(-1, T, D); // [B · Hkv, T, D]
        values = SplitHeads(values, B, T, _config.KeyValueHeadCount).reshape(-1, T, D); // [B · Hkv, T, D]
        var mixed = pass.Recompute == RecomputeGranularity.CoreAttn
            ? Recomputation.RunWithoutParameters((inputs, again) => Mix(inputs[0], inputs[1], inputs[2], again), pass, queries, keys, values)
            : Mix(queries, keys, values, pass);
        return _output.Forward(mixed.view(B, H, T, D).transpose(1, 2).reshape(B, T, H * D), pass.Precision); // [B, T, C]
    }

    /// <summary>The core: scores, softmax and the mixing of values.</summary>
    /// <param name="queries">[B · Hkv, G · T, D]</param>
    /// <param name="keys">[B · Hkv, T, D]</param>
    /// <param name="values">[B · Hkv, T, D]</param>
    /// <param name="pass">what the layers share</param>
    /// <returns>[B · Hkv, G · T, D], or [B, H, T, D] from the fused kernel: the same order</returns>
    private Tensor Mix(Tensor queries, Tensor keys, Tensor values, ForwardPass pass)
    {
        var allKeys = keys.transpose(1, 2); // [B · Hkv, D, S]
        var allValues = values;
        if (pass.Cache is not null)
        {
            (allKeys, allValues) = pass.Cache.Append(_layer, keys, values);
        }

        WindowMask mask = pass.MaskOf(_window);
        return pass.Kernel == AttentionKernel.Fused
            ? AttendFused(queries, keys, values, (pass.B, pass.T), mask)
            : Attend(queries, allKeys, allValues, mask.Additive);
    }

    private (Tensor Queries, Tensor Keys, Tensor Values) Project(Tensor x, Precision precision)
    {
        if (_fused is null)
        {
            return (_query!.Forward(x, precision), _key!.Forward(x, precision), _value!.Forward(x, precision));
        }

        var all = _fused.Forward(x, precision); // [B, T, (H + 2 Hkv) · D]
        long queries = _config.HeadCount * _config.HeadSize;
        long keys = _config.KeyValueHeadCount * _config.HeadSize;
        return (all.narrow(-1, 0, queries), all.narrow(-1, queries, keys), all.narrow(-1, queries + keys, keys));
    }

    /// <summary>Norms and turns queries and keys, and scales the queries.</summary>
    private (Tensor Queries, Tensor Keys) Place(Tensor queries, Tensor keys, ForwardPass pass)
    {
        if (_queryNorm is not null && _keyNorm is not null)
        {
            queries = _queryNorm.Forward(queries.reshape(-1, _config.HeadSize)).view(queries.shape).to_type(pass.Precision.Products); // [B, T, H · D]
            keys = _keyNorm.Forward(keys.reshape(-1, _config.HeadSize)).view(keys.shape).to_type(pass.Precision.Products); // [B, T, Hkv · D]
        }

        return pass.Tables is not { } tables
            ? (queries.mul(_scale), keys)
            : (tables.TurnQueries(queries), tables.TurnKeys(keys));
    }

    /// <returns>[B, heads, T, D]</returns>
    private Tensor SplitHeads(Tensor x, long B, long T, int heads) => x.reshape(B, T, heads, _config.HeadSize).transpose(1, 2);

    /// <param name="queries">[B · Hkv, G · T, D]</param>
    /// <param name="keys">[B · Hkv, D, S]</param>
    /// <param name="values">[B · Hkv, S, D]</param>
    /// <param name="mask">[B · Hkv or 1, G · T, S] or null</param>
    /// <returns>[B · Hkv, G · T, D]</returns>
    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
    {
        var scores = queries.bmm(keys); // [B · Hkv, G · T, S]
        if (_config.Traits.AttentionSoftCap is double cap)
        {
            scores = scores.div(cap).tanh().mul(cap);
        }

        if (mask is not null)
        {
            scores.add_(mask);
        }

        // float32: sums of many small shares lose too much in 16 bit.
        var shares = scores.dtype == ScalarType.Float32
            ? scores.softmax(-1)
            : scores.softmax(-1, ScalarType.Float32).to_type(scores.dtype);
        return shares.bmm(values);
    }

    /// <summary>The same by the kernel that never holds the scores.</summary>
    private Tensor AttendFused(Tensor queries, Tensor keys, Tensor values, (long B, long T) size, WindowMask mask)
    {
        (long B, long T) = size;
        (int H, int keyHeads, int D) = (_config.HeadCount, _config.KeyValueHeadCount, _config.HeadSize);
        return nn.functional.scaled_dot_product_attention(
            queries.mul(Math.Sqrt(D)).view(B, H, T, D), // the kernel divides by √D
            ForEachQueryHead(keys),
            ForEachQueryHead(values),
            mask.IsCausalOnly ? null : mask.Additive,
            is_casual: mask.IsCausalOnly);

        Tensor ForEachQueryHead(Tensor x) =>
            x.view(B, keyHeads, 1, T, D).expand(B, keyHeads, H / keyHeads, T, D).reshape(B, H, T, D);
    }
}
