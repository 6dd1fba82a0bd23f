namespace Proxima.Core.Ppo;

/// <summary>What happens when settings ask for something that this version cannot do.</summary>
public enum FeatureGapKind
{
    /// <summary>An error.</summary>
    Refused,

    /// <summary>A printed line: the result is the same without it.</summary>
    Noted,
}
