namespace Proxima.Text.Patterns;

/// <summary>The parse tree of a pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>One character of a set.</summary>
    internal sealed record Character(CodePointSet Set) : PatternNode;

    /// <summary>One after the other; empty for the empty pattern.</summary>
    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>The first that leads to a match wins.</summary>
    internal sealed record Choice(IReadOnlyList<PatternNode> Branches) : PatternNode;

    /// <summary>From Minimum to Maximum times (null: without end).</summary>
    internal sealed record Repeat(PatternNode Body, int Minimum, int? Maximum, RepeatPreference Preference) : PatternNode;

    /// <summary>Consumes nothing; the next character must be in the set. Fails at the end of the text.</summary>
    internal sealed record NextIs(CodePointSet Set) : PatternNode;

    /// <summary>Consumes nothing; the next character must not be in the set. Holds at the end of the text.</summary>
    internal sealed record NextIsNot(CodePointSet Set) : PatternNode;
}
