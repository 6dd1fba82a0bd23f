using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>Cosines and signed sines of one forward pass; they belong to the scope that was open when they were made.</summary>
/// <param name="SwapWidth">width of what is swapped</param>
/// <param name="QueryCosine">[B, T, H · D] times the factor on the attention scores</param>
/// <param name="QuerySine">[B, T, H · D] likewise</param>
/// <param name="KeyCosine">[B, T, Hkv · D]</param>
/// <param name="KeySine">[B, T, Hkv · D]</param>
internal sealed record RotationTables(int SwapWidth, Tensor QueryCosine, Tensor QuerySine, Tensor KeyCosine, Tensor KeySine)
{
    /// <summary>The four tables.</summary>
    public IReadOnlyList<Tensor> Tensors => [QueryCosine, QuerySine, KeyCosine, KeySine];

    /// <summary>The same tables on other handles, the first four of a list.</summary>
    public RotationTables With(IReadOnlyList<Tensor> tensors) => new(SwapWidth, tensors[0], tensors[1], tensors[2], tensors[3]);

    /// <param name="x">[B, T, H · D]</param>
    /// <returns>[B, T, H · D] turned and scaled</returns>
    public Tensor TurnQueries(Tensor x) => Turn(x, QueryCosine, QuerySine);

    /// <param name="x">[B, T, Hkv · D]</param>
    /// <returns>[B, T, Hkv · D] turned</returns>
    public Tensor TurnKeys(Tensor x) => Turn(x, KeyCosine, KeySine);

    private Tensor Turn(Tensor x, Tensor cosine, Tensor sine)
    {
        var swapped = x.view(-1, SwapWidth).roll(SwapWidth / 2, -1).view(x.shape);
        return x.mul(cosine).addcmul(swapped, sine, 1);
    }
}
