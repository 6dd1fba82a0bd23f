using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>
/// How a page of keys and values lies: for each layer the keys of each head [D, 32], then the values of each head in panels [32, 32]
/// of 32 places and 32 of their D numbers. So the kernel multiplies queries with keys, and shares with values, as it does
/// rows with weights, and the heads of a layer are read in one go.
/// </summary>
internal sealed class PageShape
{
    /// <summary>Tokens in a page.</summary>
    public const int Tokens = PanelKernel.PanelRows;

    private readonly int _keyFloats;
    private readonly int _valueFloats;
    private readonly int _allKeyFloats;
    private readonly long _layerFloats;

    public PageShape(ModelConfig config)
    {
        _keyFloats = (config.HeadSize + (config.HeadSize % 2)) * Tokens; // the kernel reads columns in pairs
        ValuePanels = PanelKernel.PanelsOf(config.HeadSize);
        _valueFloats = ValuePanels * PanelKernel.PanelRows * Tokens;
        _allKeyFloats = config.KeyValueHeadCount * _keyFloats;
        _layerFloats = _allKeyFloats + (config.KeyValueHeadCount * _valueFloats);
        Floats = config.LayerCount * _layerFloats;
    }

    /// <summary>Panels of values of one head.</summary>
    public int ValuePanels { get; }

    /// <summary>Floats of a page.</summary>
    public long Floats { get; }

    /// <summary>Place of the keys of a layer's head, [D, 32].</summary>
    public long Keys(int layer, int head) => (layer * _layerFloats) + (head * _keyFloats);

    /// <summary>Place of a panel of the values of a layer's head, [32, 32].</summary>
    public long Values(int layer, int head, int panel) =>
        (layer * _layerFloats) + _allKeyFloats + (head * _valueFloats) + (panel * PanelKernel.PanelRows * Tokens);
}
