namespace Proxima.Text.Patterns;

/// <summary>What an instruction of a pattern does.</summary>
internal enum PatternOperation
{
    Character,
    NextIs,
    NextIsNot,
    Split,
    Match,
}
