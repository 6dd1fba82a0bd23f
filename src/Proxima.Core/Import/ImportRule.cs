namespace Proxima.Core.Import;

/// <summary>What becomes of one argument of another trainer.</summary>
public sealed record ImportRule
{
    /// <summary>Its name there.</summary>
    public required string Source { get; init; }

    /// <summary>The argument of <c>ppo</c> that it becomes; null: it has no counterpart, or others are worked out from it.</summary>
    public string? Target { get; init; }

    /// <summary>What changes, or why there is no counterpart.</summary>
    public string Note { get; init; } = "";

    /// <summary>Its default there, where Proxima's (or the preset's) is another one: written when the argument is not given.</summary>
    public string? Default { get; init; }

    /// <summary>From its text to that of the target; null for a value that has no counterpart.</summary>
    public Func<string, string?> Convert { get; init; } = text => text;

    /// <summary>Whether values of others are worked out from it.</summary>
    public bool IsWorkedOut { get; init; }

    /// <summary>The one value that needs no counterpart.</summary>
    public string? OnlyValue { get; init; }

    /// <summary>An argument of the same name and meaning.</summary>
    public static ImportRule Same(string name, string? @default = null) => new() { Source = name, Target = name, Default = @default };

    /// <summary>An argument with another name.</summary>
    public static ImportRule To(string source, string target, string? @default = null, string note = "") =>
        new() { Source = source, Target = target, Default = @default, Note = note };

    /// <summary>An argument without a counterpart.</summary>
    /// <param name="source">its name there</param>
    /// <param name="why">what there is instead</param>
    public static ImportRule Nothing(string source, string why) => new() { Source = source, Note = why };

    /// <summary>An argument without a counterpart, of which one value is how Proxima works.</summary>
    public static ImportRule Only(string source, string value, string why) => new() { Source = source, OnlyValue = value, Note = $"only {value}: {why}" };

    /// <summary>An argument that decides others together with more of its kind.</summary>
    /// <param name="source">its name there</param>
    /// <param name="note">which ones and how</param>
    public static ImportRule WorkedOut(string source, string note) => new() { Source = source, Note = note, IsWorkedOut = true };
}
