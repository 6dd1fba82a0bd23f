using Proxima.Core.Settings;

namespace Proxima.Core.Answers;

/// <summary>Settings of <c>generate</c> without a mistake.</summary>
public sealed record LoadedGenerateSettings
{
    public required GenerateCommandSettings Settings { get; init; }

    /// <summary>Prompts from the command line.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>Names of the arguments that the user wrote in the file or on the command line.</summary>
    public required IReadOnlySet<string> Written { get; init; }

    /// <summary>Lines to print: options that were changed and have no effect.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether the prompts are typed one after the other.</summary>
    public bool IsChat => Prompts.Count == 0 && Settings.Generate.PromptsFile is null;
}
