using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>Settings of <c>compare</c> without a mistake.</summary>
public sealed record LoadedCompareSettings
{
    public required CompareSettings Compare { get; init; }

    /// <summary>How the actors answer; without an eval_task_config they do not.</summary>
    public required EvalCommandSettings Evaluation { get; init; }

    /// <summary>Folders of the runs.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>Names of the arguments that the user wrote.</summary>
    public required IReadOnlySet<string> Written { get; init; }

    /// <summary>Lines to print: options that were changed and have no effect.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
