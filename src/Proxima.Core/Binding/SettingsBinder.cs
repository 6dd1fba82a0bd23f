namespace Proxima.Core.Binding;

/// <summary>
/// Binds a flat JSON file and <c>--key value</c> overrides to a root settings record of any command. Reports every mistake, throws for none
/// but a file that cannot be read at all.
/// </summary>
/// <typeparam name="TRoot">root settings record</typeparam>
/// <param name="command">the command as typed, for hints: "proxima ppo"</param>
/// <param name="presetDefaults">other defaults that the settings themselves ask for, as name → value; null for none</param>
public sealed class SettingsBinder<TRoot>(string command, Func<TRoot, IReadOnlyDictionary<string, object?>>? presetDefaults = null)
    where TRoot : class
{
    private const string ConfigEnding = ".json";

    private readonly ArgumentSchema _schema = ArgumentSchema.Of<TRoot>();

    /// <summary>Binds <c>[CONFIG.json] [--key value …]</c>; later values win.</summary>
    /// <exception cref="ProximaException">the config file is missing or no JSON object</exception>
    public BoundSettings<TRoot> Bind(IReadOnlyList<string> words)
    {
        (IReadOnlyList<string> freeWords, IReadOnlyList<WrittenValue> overrides) = CommandLineReader.Read(words);
        string? configPath = freeWords.FirstOrDefault(word => !word.StartsWith('-'));
        List<string> strays = [.. freeWords];
        strays.Remove(configPath ?? "");
        return Bind(configPath, overrides, [.. strays.Select(Stray)]);
    }

    /// <summary>Binds <c>[CONFIG.json] [--key value …] [TEXT …]</c> of a command that takes texts: a first word that ends in .json is the config.</summary>
    /// <returns>the settings, and the texts in their order</returns>
    /// <exception cref="ProximaException">the config file is missing or no JSON object</exception>
    public (BoundSettings<TRoot> Bound, IReadOnlyList<string> Texts) BindWithTexts(IReadOnlyList<string> words)
    {
        (IReadOnlyList<string> freeWords, IReadOnlyList<WrittenValue> overrides) = CommandLineReader.Read(words);
        bool hasConfig = freeWords.Count > 0 && freeWords[0].EndsWith(ConfigEnding, StringComparison.OrdinalIgnoreCase);
        return (Bind(hasConfig ? freeWords[0] : null, overrides, []), hasConfig ? [.. freeWords.Skip(1)] : freeWords);
    }

    private BoundSettings<TRoot> Bind(string? configPath, IReadOnlyList<WrittenValue> overrides, IReadOnlyList<SettingsError> strays)
    {
        (IReadOnlyList<WrittenValue> ofFile, IReadOnlyList<SettingsError> ofLayout) =
            configPath is null ? ([], []) : SettingsFileReader.Read(configPath);

        List<SettingsError> errors = [.. strays, .. ofLayout];
        Dictionary<string, object?> values = [];
        Dictionary<string, string> origins = [];
        HashSet<string> failed = [];
        foreach (WrittenValue written in ofFile.Concat(overrides))
        {
            if (_schema.Find(written.Key) is not { } argument)
            {
                errors.Add(Unknown(written));
                continue;
            }

            origins[argument.Name] = written.Origin;
            if (ValueParser.TryParse(argument, written.Value, out object? value))
            {
                values[argument.Name] = value;
                continue;
            }

            failed.Add(argument.Name);
            bool isReportedAlready = written.Value.Kind == RawValueKind.Missing && written.Origin != CommandLineReader.Origin;
            if (!isReportedAlready)
            {
                errors.Add(Unreadable(argument, written));
            }
        }

        return Bound(values, origins, configPath, failed, errors);
    }

    private BoundSettings<TRoot> Bound(
        Dictionary<string, object?> written,
        Dictionary<string, string> origins,
        string? configPath,
        HashSet<string> failed,
        List<SettingsError> errors)
    {
        TRoot plain = (TRoot)_schema.Build(written);
        IReadOnlyDictionary<string, object?> preset = presetDefaults?.Invoke(plain) ?? new Dictionary<string, object?>();
        Dictionary<string, object?> all = new(preset);
        foreach ((string name, object? value) in written)
        {
            all[name] = value;
        }

        return new BoundSettings<TRoot>(
            (TRoot)_schema.Build(all), (TRoot)_schema.Build(preset), configPath, origins, failed, errors);
    }

    private SettingsError Unknown(WrittenValue written)
    {
        string nearest = NearestName.Of(written.Key, _schema.Arguments.Select(argument => argument.Name));
        return new SettingsError(
            written.Key, written.Value.Shown, written.Origin, "a known name", $"The nearest is {nearest}; `{command} --help` lists all.");
    }

    private static SettingsError Unreadable(ArgumentDefinition argument, WrittenValue written)
    {
        string cure = written.Value.Kind switch
        {
            RawValueKind.Missing => $"Write --{argument.Name} {Example(argument)}.",
            RawValueKind.Text when argument.ValueType != typeof(string) && !argument.ValueType.IsEnum => "Numbers, true and false stand without quotes.",
            _ => $"Change it, or leave it out for the default ({argument.DefaultText}).",
        };
        return new SettingsError(argument.Name, written.Value.Shown, written.Origin, argument.Expected, cure);
    }

    private static SettingsError Stray(string word) => new(
        "(no key)", word, CommandLineReader.Origin, "one config file, then --key value pairs", "Put a key with two dashes before it, or quotes around a value with spaces.");

    private static string Example(ArgumentDefinition argument) =>
        argument.ValueType == typeof(bool) ? "true" : $"<{argument.Type.ShortName}>";
}
