using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Proxima.Core.Untrusted;

namespace Proxima.Core.Import;

/// <summary>
/// Reads arguments of another trainer from a JSON object, from flat YAML, or from a script or a command line with <c>--key value</c>. Which of them a
/// file is, is seen from what it holds.
/// </summary>
public static partial class ForeignConfigReader
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The arguments in their order; of a name that comes twice, the last.</summary>
    /// <exception cref="ProximaException">exit code Usage: the file cannot be read, or holds no argument</exception>
    public static IReadOnlyList<ForeignArgument> Read(string path)
    {
        string text = TextOf(path);
        List<ForeignArgument> found = text.TrimStart().StartsWith('{') ? OfJson(path, text)
            : Option().IsMatch(text) ? OfScript(path, text)
            : OfYaml(path, text);
        return found.Count > 0
            ? [.. Enumerable.Reverse(found).DistinctBy(argument => argument.Name).Reverse().Select(argument => argument with { Text = WithoutPython(argument.Text) })]
            : throw new ProximaException(
                ExitCode.Usage, $"{path}: no argument was found. Expected a JSON object, flat YAML (key: value), or a script with --key value.");
    }

    /// <summary>True, False and None as JSON has them.</summary>
    private static string WithoutPython(string text) => text switch
    {
        "True" => "true",
        "False" => "false",
        "None" => "none",
        _ => text,
    };

    private static string TextOf(string path)
    {
        try
        {
            RegularFile.Require(path);
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Usage, $"{path}: cannot be read: {exception.Message} Give the path of a config file or a script.", exception);
        }
    }

    private static List<ForeignArgument> OfJson(string path, string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, WithComments);
            return [.. document.RootElement.EnumerateObject().Select(property => new ForeignArgument(property.Name, TextOf(property.Value), path))];
        }
        catch (JsonException exception)
        {
            throw new ProximaException(ExitCode.Usage, $"{path}:{exception.LineNumber + 1}: {exception.Message.Split(" LineNumber:")[0]}. Expected a JSON object.", exception);
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "none",
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(TextOf)),
        _ => value.GetRawText(),
    };

    /// <summary>Lines <c>key: value</c>. What is indented belongs to a list or a mapping: its lines become one text.</summary>
    private static List<ForeignArgument> OfYaml(string path, string text)
    {
        List<ForeignArgument> found = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (YamlLine().Match(lines[i]) is { Success: true } match)
            {
                found.Add(new ForeignArgument(match.Groups["key"].Value, YamlValue(match.Groups["value"].Value), Origin(path, i)));
            }
            else if (found.Count > 0 && YamlItem().Match(lines[i]) is { Success: true } item)
            {
                found[^1] = found[^1] with { Text = $"{found[^1].Text} {YamlValue(item.Groups["value"].Value)}".Trim() };
            }
        }

        return [.. found.Select(argument => argument.Text.Length == 0 ? argument with { Text = "none" } : argument)];
    }

    private static string YamlValue(string value)
    {
        string text = value.Trim();
        if (text.Length > 1 && text[0] is '"' or '\'')
        {
            int end = text.IndexOf(text[0], 1);
            return end > 0 ? text[1..end] : text;
        }

        int comment = text.IndexOf(" #", StringComparison.Ordinal);
        string bare = (comment >= 0 ? text[..comment] : text.StartsWith('#') ? "" : text).Trim();
        return bare is "null" or "~" ? "none" : bare.StartsWith('[') ? bare.Trim('[', ']').Replace(",", " ", StringComparison.Ordinal) : bare;
    }

    /// <summary>Words of a shell: a word with two dashes begins an argument, the words up to the next one are its value.</summary>
    private static List<ForeignArgument> OfScript(string path, string text)
    {
        List<ForeignArgument> found = [];
        bool takesWords = false;
        foreach ((string word, int line) in Words(text))
        {
            if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            {
                string[] parts = word[2..].Split('=', 2);
                found.Add(new ForeignArgument(parts[0].Replace('-', '_'), parts.Length == 2 ? parts[1] : "", Origin(path, line)));
                takesWords = parts.Length == 1;
            }
            else if (takesWords && word.Length > 0)
            {
                found[^1] = found[^1] with { Text = $"{found[^1].Text} {word}".Trim() };
            }
            else if (word.Length == 0)
            {
                takesWords = false; // the command ended
            }
        }

        return [.. found.Select(argument => argument.Text.Length == 0 ? argument with { Text = "true" } : argument)];
    }

    /// <summary>The words of a script with their lines; an empty word where a command ends. Comments are left out.</summary>
    private static IEnumerable<(string Word, int Line)> Words(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r', ' ', '\t');
            bool goesOn = line.EndsWith('\\');
            foreach (Match match in ShellWord().Matches(goesOn ? line[..^1] : line))
            {
                if (match.Value.StartsWith('#'))
                {
                    break;
                }

                yield return (match.Value.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal), i);
            }

            if (!goesOn)
            {
                yield return ("", i);
            }
        }
    }

    private static string Origin(string path, int line) => $"{path}:{(line + 1).ToString(CultureInfo.InvariantCulture)}";

    [GeneratedRegex(@"(^|\s)--[A-Za-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    [GeneratedRegex(@"^(?<key>[A-Za-z_][A-Za-z0-9_]*)\s*:(?<value>(\s.*)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex YamlLine();

    [GeneratedRegex(@"^\s+(- )?(?<value>[^#\s].*)$|^- (?<value>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex YamlItem();

    [GeneratedRegex("(\"[^\"]*\"|'[^']*'|[^\\s\"'])+", RegexOptions.CultureInvariant)]
    private static partial Regex ShellWord();
}
