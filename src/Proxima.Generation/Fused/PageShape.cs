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

    private readonly long _keyBytes;
    private readonly long _panelBytes;
    private readonly long _allKeyBytes;
    private readonly long _layerBytes;

    /// <param name="config">of the model</param>
    /// <param name="kernel">that multiplies with keys and values</param>
    public PageShape(ModelConfig config, PanelKernel kernel)
    {
        _keyBytes = kernel.PanelBytes(config.HeadSize);
        _panelBytes = kernel.PanelBytes(Tokens);
        ValuePanels = PanelKernel.PanelsOf(config.HeadSize);
        _allKeyBytes = config.KeyValueHeadCount * _keyBytes;
        _layerBytes = _allKeyBytes + (config.KeyValueHeadCount * ValuePanels * _panelBytes);
        Bytes = config.LayerCount * _layerBytes;
    }

    /// <summary>Panels of values of one head.</summary>
    public int ValuePanels { get; }

    /// <summary>Bytes of a page.</summary>
    public long Bytes { get; }

    /// <summary>Place of the keys of a layer's head, [D, 32].</summary>
    public long Keys(int layer, int head) => (layer * _layerBytes) + (head * _keyBytes);

    /// <summary>Place of a panel of the values of a layer's head, [32, 32].</summary>
    public long Values(int layer, int head, int panel) =>
        (layer * _layerBytes) + _allKeyBytes + (((head * ValuePanels) + panel) * _panelBytes);
}
