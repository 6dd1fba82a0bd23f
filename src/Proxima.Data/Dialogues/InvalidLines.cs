namespace Proxima.Data.Dialogues;

/// <summary>What happens at a line that breaks the data protocol.</summary>
public enum InvalidLines
{
    /// <summary>The line ends the run with its file, number and reason.</summary>
    Refuse,

    /// <summary>The line is left out, counted and reported.</summary>
    SkipAndReport,
}
