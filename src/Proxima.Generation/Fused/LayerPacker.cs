using Proxima.Generation.Fused.Kernels;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Generation.Fused;

/// <summary>
/// Lays out the packed weights of a model. Rotary pairs that are neighbours are moved to the two halves of a head, in queries
/// and keys alike: their products stay the same, and one rotation serves all families.
/// </summary>
internal sealed class LayerPacker
{
    private const int HalfPanel = PanelKernel.PanelRows / 2;

    private readonly PanelKernel _kernel;
    private readonly ModelConfig _config;
    private readonly DecoderTraits _traits;
    private readonly DecoderNames _names;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly int[] _headOrder;

    /// <param name="model">the model</param>
    /// <param name="kernel">that will multiply with the packed weights</param>
    public LayerPacker(CausalLanguageModel model, PanelKernel kernel)
    {
        _kernel = kernel;
        _config = model.Config;
        _traits = _config.Traits;
        _names = _traits.Names;
        _weights = model.NamedParameters().ToDictionary(pair => pair.Name, pair => (Tensor)pair.Value, StringComparer.Ordinal);
        _headOrder = HeadOrder(_config.HeadSize, _traits.Positions);
    }

    public Tensor Embedding => _weights[$"{_names.Prefix}.{_names.Embedding}.weight"];

    /// <summary>Learned places; null where places enter otherwise.</summary>
    public Tensor? Positions =>
        _traits.Positions == PositionKind.Learned ? _weights[$"{_names.Prefix}.{_names.Positions}.weight"] : null;

    public PackedNorm FinalNorm() => Norm($"{_names.Prefix}.{_names.FinalNorm}", _config.HiddenSize);

    /// <param name="head">[V, C]</param>
    public PackedMatrix Head(Tensor head) =>
        new(_kernel, [new(head, null)], Rows(0, 0, _config.VocabularySize), _config.HiddenSize, MatrixLayout.OutputInput);

    public PackedLayer Layer(int index)
    {
        string prefix = _names.Layer(index);
        return new()
        {
            AttentionNorm = Norm($"{prefix}.{_names.AttentionNorm}", _config.HiddenSize),
            QueryKeyValue = QueryKeyValue(prefix),
            QueryNorm = _traits.QueryKeyNorms ? HeadNorm($"{prefix}.{_names.QueryNorm}") : null,
            KeyNorm = _traits.QueryKeyNorms ? HeadNorm($"{prefix}.{_names.KeyNorm}") : null,
            Output = Matrix($"{prefix}.{_names.Output}", _config.HiddenSize, _config.HeadCount * _config.HeadSize),
            AttentionResultNorm = _traits.ResultNorms ? Norm($"{prefix}.{_names.AttentionResultNorm}", _config.HiddenSize) : null,
            FeedForwardNorm = Norm($"{prefix}.{_names.FeedForwardNorm}", _config.HiddenSize),
            Inner = _traits.FeedForward == FeedForwardKind.Gated
                ? GateAndUp(prefix)
                : Matrix($"{prefix}.{_names.Up}", _config.IntermediateSize, _config.HiddenSize),
            Down = Matrix($"{prefix}.{_names.Down}", _config.HiddenSize, _config.IntermediateSize),
            FeedForwardResultNorm = _traits.ResultNorms ? Norm($"{prefix}.{_names.FeedForwardResultNorm}", _config.HiddenSize) : null,
            Window = _traits.WindowOf(index),
        };
    }

    private PackedMatrix QueryKeyValue(string prefix)
    {
        int queries = _config.HeadCount;
        int keys = _config.KeyValueHeadCount;
        int D = _config.HeadSize;
        if (_names.QueryKeyValue is string fused)
        {
            RowOrigin[] rows = [.. HeadRows(0, 0, queries), .. HeadRows(0, queries * D, keys), .. Rows(0, (queries + keys) * D, keys * D)];
            return new(_kernel, [Source($"{prefix}.{fused}")], rows, _config.HiddenSize, _traits.Layout);
        }

        return new(
            _kernel,
            [Source($"{prefix}.{_names.Query}"), Source($"{prefix}.{_names.Key}"), Source($"{prefix}.{_names.Value}")],
            [.. HeadRows(0, 0, queries), .. HeadRows(1, 0, keys), .. Rows(2, 0, keys * D)],
            _config.HiddenSize,
            _traits.Layout);
    }

    private PackedMatrix GateAndUp(string prefix)
    {
        int inner = _config.IntermediateSize;
        List<RowOrigin> rows = [];
        for (int first = 0; first < inner; first += HalfPanel)
        {
            int count = Math.Min(HalfPanel, inner - first);
            RowOrigin[] padding = [.. Enumerable.Repeat(RowOrigin.Padding, HalfPanel - count)];
            rows.AddRange([.. Rows(0, first, count), .. padding, .. Rows(1, first, count), .. padding]);
        }

        return new(_kernel, [Source($"{prefix}.{_names.Gate}"), Source($"{prefix}.{_names.Up}")], rows, _config.HiddenSize, _traits.Layout);
    }

    private PackedMatrix Matrix(string name, int outputs, int inputs) => new(_kernel, [Source(name)], Rows(0, 0, outputs), inputs, _traits.Layout);

    private PackedNorm Norm(string name, int size) => NormWith(name, [.. Enumerable.Range(0, size)]);

    private PackedNorm HeadNorm(string name) => NormWith(name, _headOrder);

    private PackedNorm NormWith(string name, int[] order) =>
        new(_weights[$"{name}.weight"], _weights.GetValueOrDefault($"{name}.bias"), _traits, order);

    private ProjectionSource Source(string name) => new(_weights[$"{name}.weight"], _weights.GetValueOrDefault($"{name}.bias"));

    private static RowOrigin[] Rows(int source, int first, int count) => [.. Enumerable.Range(first, count).Select(row => new RowOrigin(source, row))];

    private IEnumerable<RowOrigin> HeadRows(int source, int first, int heads) =>
        Enumerable.Range(0, heads).SelectMany(head => _headOrder.Select(i => new RowOrigin(source, first + (head * _config.HeadSize) + i)));

    private static int[] HeadOrder(int size, PositionKind positions) => positions == PositionKind.RotaryNeighbours
        ? [.. Enumerable.Range(0, size).Select(i => i < size / 2 ? 2 * i : (2 * (i - (size / 2))) + 1)]
        : [.. Enumerable.Range(0, size)];
}
