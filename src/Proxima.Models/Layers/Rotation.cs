using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>
/// Rotary positions: q cos + swap(q) sin, where swap exchanges the two of each pair and the sine carries the sign.
/// </summary>
internal sealed class Rotation : IDisposable
{
    private readonly ModelConfig _config;
    private readonly Tensor _frequencies; // [D] radians a position, each twice
    private readonly Tensor _signs; // [D] −1 for the first of a pair, 1 for the second
    private readonly double _queryScale;

    /// <param name="config">of the model</param>
    /// <param name="queryScale">factor on the attention scores, which the queries carry</param>
    /// <param name="device">of the weights</param>
    public Rotation(ModelConfig config, double queryScale, Device device)
    {
        _config = config;
        _queryScale = queryScale;
        int size = config.HeadSize;
        float[] pairs = config.Traits.Frequencies.Compute(size);
        float[] frequencies = new float[size];
        float[] signs = new float[size];
        for (int i = 0; i < size; i++)
        {
            bool isNeighbour = config.Traits.Positions == PositionKind.RotaryNeighbours;
            frequencies[i] = isNeighbour ? pairs[i / 2] : pairs[i % (size / 2)];
            signs[i] = (isNeighbour ? i % 2 == 0 : i < size / 2) ? -1 : 1;
        }

        _frequencies = tensor(frequencies, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        _signs = tensor(signs, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>Width of what is swapped: the pair itself, or the head whose halves pair up.</summary>
    private int SwapWidth => _config.Traits.Positions == PositionKind.RotaryNeighbours ? 2 : _config.HeadSize;

    /// <summary>The tables of one forward pass.</summary>
    /// <param name="positions">[B, T] int64</param>
    /// <param name="dtype">of queries and keys</param>
    public RotationTables Compute(Tensor positions, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var angles = positions.unsqueeze(-1).to_type(ScalarType.Float32).mul(_frequencies); // [B, T, D]
        var cosine = angles.cos();
        var sine = angles.sin().mul(_signs);
        return new(
            SwapWidth,
            Repeat(cosine.mul(_queryScale), _config.HeadCount, dtype),
            Repeat(sine.mul(_queryScale), _config.HeadCount, dtype),
            Repeat(cosine, _config.KeyValueHeadCount, dtype),
            Repeat(sine, _config.KeyValueHeadCount, dtype));
    }

    public void Dispose()
    {
        _frequencies.Dispose();
        _signs.Dispose();
    }

    /// <summary>The same for every head, written out: rows of a few heads' width multiply several times faster than broadcast ones.</summary>
    private static Tensor Repeat(Tensor table, int heads, ScalarType dtype)
    {
        var repeated = table.unsqueeze(2).expand(-1, -1, heads, -1); // [B, T, heads, D]
        return repeated.flatten(2).to_type(dtype).MoveToOuterDisposeScope(); // [B, T, heads · D]
    }
}
