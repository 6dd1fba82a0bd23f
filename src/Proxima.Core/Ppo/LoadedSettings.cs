namespace Proxima.Core.Ppo;

/// <summary>Settings of a command without a mistake, ready to be run.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
public sealed record LoadedSettings<TRoot>
    where TRoot : class
{
    /// <summary>The settings, with "the critic's is the actor's" filled in.</summary>
    public required TRoot Settings { get; init; }

    /// <summary>Names of the arguments that the user wrote in the file or on the command line.</summary>
    public required IReadOnlySet<string> Written { get; init; }

    /// <summary>Files and folders that are read: the config file, if one was given, and what the settings name.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Lines to print: options that were changed and have no effect.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
