namespace Proxima.Data.Dialogues;

/// <summary>What was read from one data file.</summary>
public sealed record DialogueFile
{
    /// <summary>Path as it was opened.</summary>
    public required string Path { get; init; }

    /// <summary>The usable lines in the order of the file, at least one.</summary>
    public required IReadOnlyList<Dialogue> Dialogues { get; init; }

    /// <summary>How many lines were left out.</summary>
    public required long SkippedCount { get; init; }

    /// <summary>The first of the lines left out, at most <see cref="DialogueReader.MaxReportedLines"/>.</summary>
    public required IReadOnlyList<SkippedLine> Skipped { get; init; }

    /// <summary>Keys that nothing reads, with the number of lines that hold them.</summary>
    public required IReadOnlyDictionary<string, long> UnreadKeys { get; init; }
}
