namespace Proxima.Text;

/// <summary>What decoding does with special tokens.</summary>
public enum SpecialTokenDisplay
{
    /// <summary>They are left out.</summary>
    Skip,

    /// <summary>They appear as their text.</summary>
    Show,
}
