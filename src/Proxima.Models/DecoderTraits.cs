namespace Proxima.Models;

/// <summary>
/// What a family changes of the common decoder: blocks of attention and feed-forward on a residual stream, each behind a
/// norm. The defaults are those of Llama.
/// </summary>
public sealed record DecoderTraits
{
    /// <summary>Names of the weights.</summary>
    public DecoderNames Names { get; init; } = new();

    /// <summary>How norms work.</summary>
    public NormKind Norm { get; init; } = NormKind.Rms;

    /// <summary>Added to the variance in norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Whether queries and keys are normed, head by head, before they are turned.</summary>
    public bool QueryKeyNorms { get; init; }

    /// <summary>Whether the results of attention and feed-forward are normed before they are added.</summary>
    public bool ResultNorms { get; init; }

    /// <summary>How places enter.</summary>
    public PositionKind Positions { get; init; } = PositionKind.RotaryHalves;

    /// <summary>Frequencies of rotary positions.</summary>
    public RotaryFrequencies Frequencies { get; init; } = new();

    /// <summary>How a matrix lies in the file.</summary>
    public MatrixLayout Layout { get; init; } = MatrixLayout.OutputInput;

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the output projection of attention has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the feed-forward matrices have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether the activation of one matrix gates another.</summary>
    public FeedForwardKind FeedForward { get; init; } = FeedForwardKind.Gated;

    /// <summary>Whether new matrices that write to the residual stream are drawn with 1/√(2L) of the common spread.</summary>
    public bool ShrinksNewOutputs { get; init; }

    /// <summary>The activation.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Factor on the embedding; null: none.</summary>
    public double? EmbeddingScale { get; init; }

    /// <summary>Factor on the attention scores; null: 1/√D.</summary>
    public double? AttentionScale { get; init; }

    /// <summary>cap in cap · tanh(score / cap) on the attention scores; null: none.</summary>
    public double? AttentionSoftCap { get; init; }

    /// <summary>cap in cap · tanh(logit / cap) on the logits; null: none.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>For each layer the number of tokens a token sees, itself included; null: all before it. An empty list: null everywhere.</summary>
    public IReadOnlyList<int?> Windows { get; init; } = [];

    /// <summary>The window of a layer.</summary>
    public int? WindowOf(int layer) => layer < Windows.Count ? Windows[layer] : null;
}
