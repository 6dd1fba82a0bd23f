namespace Proxima.Core.Binding;

/// <summary>Reads <c>[CONFIG.json] [--key value …] [--key=value …]</c>.</summary>
internal static class CommandLineReader
{
    /// <summary>Where values of the command line come from, in messages.</summary>
    public const string Origin = "command line";

    private const string Prefix = "--";

    /// <summary>The config file, the values in their order, and words that fit nowhere.</summary>
    public static (string? ConfigPath, IReadOnlyList<WrittenValue> Values, IReadOnlyList<SettingsError> Errors) Read(
        IReadOnlyList<string> words)
    {
        string? configPath = null;
        List<WrittenValue> values = [];
        List<SettingsError> errors = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (IsKey(word))
            {
                string[] parts = word[Prefix.Length..].Split('=', 2);
                bool takesNext = parts.Length == 1 && i + 1 < words.Count && !IsKey(words[i + 1]);
                values.Add(new WrittenValue(parts[0], ValueOf(parts, takesNext ? words[++i] : null), Origin));
            }
            else if (configPath is null && !word.StartsWith('-'))
            {
                configPath = word;
            }
            else
            {
                errors.Add(Stray(word));
            }
        }

        return (configPath, values, errors);
    }

    private static bool IsKey(string word) => word.StartsWith(Prefix, StringComparison.Ordinal);

    private static RawValue ValueOf(string[] parts, string? next) => (parts.Length, next) switch
    {
        (2, _) => new RawValue(RawValueKind.Word, parts[1]),
        (_, not null) => new RawValue(RawValueKind.Word, next),
        _ => RawValue.Missing,
    };

    private static SettingsError Stray(string word) => new(
        "(no key)", word, Origin, "one config file, then --key value pairs", "Put a key with two dashes before it, or quotes around a value with spaces.");
}
