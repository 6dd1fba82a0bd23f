namespace Proxima.Text.Templates;

/// <summary>A dialogue as the text that a model reads.</summary>
public sealed record RenderedChat
{
    /// <summary>The text, special tokens included.</summary>
    public required string Text { get; init; }

    /// <summary>What <c>{% generation %}</c> blocks wrote, in the order in which they ended.</summary>
    public required IReadOnlyList<GenerationSpan> GenerationSpans { get; init; }

    /// <summary>
    /// Every span covers what its block wrote. False when a block stood inside something that moves its text, such as a
    /// macro printed later: the spans are then those that transformers gives, and no guide to the replies.
    /// </summary>
    public required bool SpansAreExact { get; init; }
}
