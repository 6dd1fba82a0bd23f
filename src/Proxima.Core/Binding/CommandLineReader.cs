namespace Proxima.Core.Binding;

/// <summary>Reads <c>[WORD …] [--key value …] [--key=value …]</c>.</summary>
internal static class CommandLineReader
{
    /// <summary>Where values of the command line come from, in messages.</summary>
    public const string Origin = "command line";

    private const string Prefix = "--";

    /// <summary>The words that belong to no key, and the values in their order.</summary>
    public static (IReadOnlyList<string> FreeWords, IReadOnlyList<WrittenValue> Values) Read(IReadOnlyList<string> words)
    {
        List<string> freeWords = [];
        List<WrittenValue> values = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (IsKey(word))
            {
                string[] parts = word[Prefix.Length..].Split('=', 2);
                bool takesNext = parts.Length == 1 && i + 1 < words.Count && !IsKey(words[i + 1]);
                values.Add(new WrittenValue(parts[0], ValueOf(parts, takesNext ? words[++i] : null), Origin));
            }
            else
            {
                freeWords.Add(word);
            }
        }

        return (freeWords, values);
    }

    private static bool IsKey(string word) => word.StartsWith(Prefix, StringComparison.Ordinal);

    private static RawValue ValueOf(string[] parts, string? next) => (parts.Length, next) switch
    {
        (2, _) => new RawValue(RawValueKind.Word, parts[1]),
        (_, not null) => new RawValue(RawValueKind.Word, next),
        _ => RawValue.Missing,
    };
}
