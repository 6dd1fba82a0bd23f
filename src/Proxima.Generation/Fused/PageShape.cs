using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>
/// How a page of keys and values lies: for each layer and key head the keys [D, 32], then the values in panels [32, 32] of
/// 32 places and 32 of their D numbers. So the kernel multiplies queries with keys, and shares with values, as it does
/// rows with weights.
/// </summary>
internal sealed class PageShape
{
    /// <summary>Tokens in a page.</summary>
    public const int Tokens = PanelKernel.PanelRows;

    private readonly int _heads;
    private readonly int _keyFloats;
    private readonly int _headFloats;

    public PageShape(ModelConfig config)
    {
        _heads = config.KeyValueHeadCount;
        _keyFloats = (config.HeadSize + (config.HeadSize % 2)) * Tokens; // the kernel reads columns in pairs
        ValuePanels = PanelKernel.PanelsOf(config.HeadSize);
        _headFloats = _keyFloats + (ValuePanels * PanelKernel.PanelRows * Tokens);
        Floats = (long)config.LayerCount * _heads * _headFloats;
    }

    /// <summary>Panels of values of one head.</summary>
    public int ValuePanels { get; }

    /// <summary>Floats of a page.</summary>
    public long Floats { get; }

    /// <summary>Place of the keys of a layer's head, [D, 32].</summary>
    public long Keys(int layer, int head) => ((long)layer * _heads + head) * _headFloats;

    /// <summary>Place of a panel of the values of a layer's head, [32, 32].</summary>
    public long Values(int layer, int head, int panel) => Keys(layer, head) + _keyFloats + (panel * PanelKernel.PanelRows * Tokens);
}
