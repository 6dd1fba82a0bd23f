namespace Proxima.Text.Models;

/// <summary>What sets one BPE model apart from another, besides vocabulary and merges.</summary>
internal sealed record BpeOptions
{
    /// <summary>Stands for characters that neither the vocabulary nor its bytes cover; null: they are dropped.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Put before every character of a piece but the first.</summary>
    public string? ContinuingPrefix { get; init; }

    /// <summary>Put after the last character of a piece.</summary>
    public string? EndOfWordSuffix { get; init; }

    /// <summary>Neighbouring unknown characters give one unknown token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Characters outside the vocabulary become tokens such as &lt;0xE4&gt;, one a byte.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A piece that is in the vocabulary as a whole is that token, whatever the merges say.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Some merge joins another character with a visible space after it.</summary>
    public bool MergesReachOverSpaces { get; init; }
}
