namespace Proxima.Data.Dialogues;

/// <summary>The line of a data file that something was read from.</summary>
/// <param name="File">path as it was opened</param>
/// <param name="Line">number of the line, from 1</param>
public sealed record SourceLine(string File, long Line)
{
    public override string ToString() => $"{File}:{Line}";
}
