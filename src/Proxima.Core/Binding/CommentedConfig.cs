using System.Text;

namespace Proxima.Core.Binding;

/// <summary>A config file under construction: arguments in groups, each with its comment.</summary>
/// <param name="schema">the arguments of the command that it is for</param>
public sealed class CommentedConfig(ArgumentSchema schema)
{
    private readonly List<(string Name, string Json, string Comment)> _entries = [];

    /// <summary>Comment lines above the object, without slashes.</summary>
    public IList<string> Header { get; } = [];

    /// <summary>Path or address of the JSON Schema; null: none is named.</summary>
    public string? SchemaPlace { get; init; }

    /// <summary>Adds an argument, in place of an earlier value of it.</summary>
    /// <param name="name">of the argument</param>
    /// <param name="text">its value as on the command line</param>
    /// <param name="comment">stands behind it; empty: none</param>
    /// <returns>whether the argument can have this value; else nothing was added</returns>
    public bool TrySet(string name, string text, string comment)
    {
        if (!ValueParser.TryParse(schema[name], new RawValue(RawValueKind.Word, text), out object? value))
        {
            return false;
        }

        _entries.RemoveAll(entry => entry.Name == name);
        _entries.Add((name, ValueJson.Of(value), comment));
        return true;
    }

    /// <summary>Adds an argument whose value is known to be right.</summary>
    public void Set(string name, object? value, string comment) => _entries.Add((name, ValueJson.Of(value), comment));

    /// <summary>A text as JSON.</summary>
    public static string Quoted(string text) => ValueJson.Of(text);

    /// <summary>The file: groups in the order of <c>--help</c>, arguments in the order of theirs.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        foreach (string line in Header)
        {
            text.Append(line.Length == 0 ? "//" : "// ").Append(line).Append('\n');
        }

        text.Append("{\n");
        List<string> names = [.. schema.Arguments.Select(argument => argument.Name)];
        var entries = _entries.OrderBy(entry => names.IndexOf(entry.Name)).ToList();
        if (SchemaPlace is not null)
        {
            text.Append("  \"").Append(ConfigSchema.Key).Append("\": ").Append(ValueJson.Of(SchemaPlace)).Append(entries.Count > 0 ? ",\n" : "\n");
        }

        string title = "";
        for (int i = 0; i < entries.Count; i++)
        {
            string group = schema.Groups.First(group => group.Arguments.Any(argument => argument.Name == entries[i].Name)).Title;
            text.Append(group == title ? "" : i == 0 && SchemaPlace is null ? $"  // {group}\n" : $"\n  // {group}\n");
            title = group;
            text.Append("  \"").Append(entries[i].Name).Append("\": ").Append(entries[i].Json).Append(i + 1 < entries.Count ? "," : "")
                .Append(entries[i].Comment.Length == 0 ? "" : $" // {entries[i].Comment}").Append('\n');
        }

        return text.Append("}\n").ToString();
    }
}
