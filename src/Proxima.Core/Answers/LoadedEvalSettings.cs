using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>Settings of <c>eval</c> without a mistake.</summary>
public sealed record LoadedEvalSettings
{
    public required EvalCommandSettings Settings { get; init; }

    /// <summary>Names of the arguments that the user wrote in the file or on the command line.</summary>
    public required IReadOnlySet<string> Written { get; init; }

    /// <summary>Lines to print: options that were changed and have no effect.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
