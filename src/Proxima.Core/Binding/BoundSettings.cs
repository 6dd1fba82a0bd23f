namespace Proxima.Core.Binding;

/// <summary>Settings as bound from a file and a command line, with what the user wrote and what was wrong with it.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
public sealed class BoundSettings<TRoot>
    where TRoot : class
{
    private readonly IReadOnlyDictionary<string, string> _origins;
    private readonly TRoot _defaults;

    internal BoundSettings(
        TRoot settings,
        TRoot defaults,
        string? configPath,
        IReadOnlyDictionary<string, string> origins,
        IReadOnlySet<string> failed,
        IReadOnlyList<SettingsError> errors)
    {
        Settings = settings;
        _defaults = defaults;
        ConfigPath = configPath;
        _origins = origins;
        Failed = failed;
        Errors = errors;
    }

    /// <summary>Defaults, then the preset's, then what was written. A value that could not be read has its default.</summary>
    public TRoot Settings { get; }

    /// <summary>The config file, if one was given.</summary>
    public string? ConfigPath { get; }

    /// <summary>Names of the arguments that the user wrote.</summary>
    public IReadOnlySet<string> Written => _origins.Keys.ToHashSet();

    /// <summary>Names of the arguments whose value could not be read.</summary>
    public IReadOnlySet<string> Failed { get; }

    /// <summary>Unknown names, wrong types, values out of range, doubled keys.</summary>
    public IReadOnlyList<SettingsError> Errors { get; }

    /// <summary>Whether the user wrote the argument.</summary>
    public bool IsWritten(string name) => _origins.ContainsKey(name);

    /// <summary>"file:line", "command line" or "default".</summary>
    public string OriginOf(string name) => _origins.GetValueOrDefault(name, "default");

    /// <summary>The argument's value as text.</summary>
    public string TextOf(string name) => ArgumentDefinition.TextOf(Schema[name].ValueIn(Settings));

    /// <summary>Whether the user gave it another value than its default, or the preset's.</summary>
    public bool DiffersFromDefault(string name) =>
        IsWritten(name) && TextOf(name) != ArgumentDefinition.TextOf(Schema[name].ValueIn(_defaults));

    private static ArgumentSchema Schema { get; } = ArgumentSchema.Of<TRoot>();
}
