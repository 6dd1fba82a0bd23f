namespace Proxima.Text.AddedTokens;

/// <summary>A token found in the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="SingleWord">Found only where no word character touches it.</param>
/// <param name="TakesSpaceBefore">White space before it belongs to it.</param>
/// <param name="TakesSpaceAfter">White space after it belongs to it.</param>
/// <param name="Normalized">Sought in the normalised text instead of the raw one.</param>
/// <param name="Special">Skipped when decoding without special tokens.</param>
internal sealed record AddedToken(
    int Id,
    string Content,
    bool SingleWord,
    bool TakesSpaceBefore,
    bool TakesSpaceAfter,
    bool Normalized,
    bool Special);
