using Proxima.Core.Settings;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Checks;

/// <summary>What was found in one data file.</summary>
public sealed record DataReport
{
    public required DialogueFile File { get; init; }

    public required DataKind Kind { get; init; }

    /// <summary>Lines that say the same as an earlier line, of this file or of one before it.</summary>
    public required IReadOnlyList<SourceLine> Duplicates { get; init; }

    /// <summary>Length of each prompt; of the whole example for sft.</summary>
    public required LengthSummary PromptLengths { get; init; }

    /// <summary>Length of each reply: tgt of sft, response of preference data; null for prompts.</summary>
    public required LengthSummary? ReplyLengths { get; init; }

    /// <summary>Lines that lose something at the lengths that were given; null without lengths.</summary>
    public required CutCounts? Cuts { get; init; }

    /// <summary>User turns → number of dialogues.</summary>
    public IEnumerable<(int Turns, int Count)> Turns() =>
        File.Dialogues.GroupBy(dialogue => dialogue.Src.Count).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));
}
