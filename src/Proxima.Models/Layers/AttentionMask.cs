using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>What is added to the attention scores of one forward pass: 0 where a key may be seen, very negative elsewhere.</summary>
internal static class AttentionMask
{
    // Finite: the row of a padding token sees no key at all, and a softmax over −∞ alone would be NaN, also in gradients.
    private const double Hidden = -1e9;
    private const double HiddenInFloat16 = -3e4; // which ends at 65504: a score may come on top

    /// <param name="size">B, T and S = cached + T</param>
    /// <param name="keyMask">[B, S] true where a key may be seen; null: every key</param>
    /// <param name="window">number of keys a token sees, itself included; null: all before it</param>
    /// <param name="dtype">of the scores</param>
    /// <param name="device">of the scores</param>
    /// <returns>[B or 1, 1, T, S]; null when every token sees every key</returns>
    public static Tensor? Build((long B, long T, long S) size, Tensor? keyMask, int? window, ScalarType dtype, Device device)
    {
        (long B, long T, long S) = size;
        bool reachesAll = T == 1 && (window is null || S <= window);
        if (reachesAll && keyMask is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        long cached = S - T;
        var allowed = ones([T, S], dtype: ScalarType.Float32, device: device).tril(cached); // token t sees keys up to cached + t
        if (window is int width)
        {
            allowed = allowed.triu(cached - width + 1);
        }

        if (keyMask is not null)
        {
            allowed = allowed.mul(keyMask.to_type(ScalarType.Float32).unsqueeze(1)); // [B, T, S]
        }

        return allowed.sub(1).mul(dtype == ScalarType.Float16 ? -HiddenInFloat16 : -Hidden).to_type(dtype).view(keyMask is null ? 1 : B, 1, T, S).MoveToOuterDisposeScope();
    }

    /// <summary>Writes a mask out for scores whose rows are the query heads of one key head one after the other.</summary>
    /// <param name="mask">[B or 1, 1, T, S]</param>
    /// <param name="config">of the model</param>
    /// <returns>[B · Hkv or 1, G · T, S], G = H / Hkv</returns>
    public static Tensor Group(Tensor mask, ModelConfig config)
    {
        if (mask.shape is not [var B, _, var T, var S])
        {
            throw new ArgumentException($"mask has {mask.dim()} dimensions, 4 expected", nameof(mask));
        }

        using var scope = NewDisposeScope();
        int groups = config.HeadCount / config.KeyValueHeadCount;
        long keyHeads = B == 1 ? 1 : config.KeyValueHeadCount;
        return mask.unsqueeze(1).expand(B, keyHeads, groups, T, S).reshape(B * keyHeads, groups * T, S).MoveToOuterDisposeScope();
    }
}
