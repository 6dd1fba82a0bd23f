using System.Text.Json;
using Proxima.Data.Examples;

namespace Proxima.Data.Dialogues;

/// <summary>One JSON object → <see cref="Dialogue"/>, every rule of the data protocol checked.</summary>
internal sealed class DialogueParser
{
    private const int MaxDepth = 32;
    private const int MaxShownCharacters = 60;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private static readonly HashSet<string> KnownKeys = new(StringComparer.Ordinal)
    {
        "src", "tgt", "system", "label", "response", "sort",
    };

    private readonly DialogueKind _kind;
    private readonly ReplyEnding _ending;

    public DialogueParser(DialogueKind kind, ReplyEnding ending)
    {
        _kind = kind;
        _ending = ending;
    }

    /// <summary>Keys that nothing reads, with the number of lines that hold them.</summary>
    public SortedDictionary<string, long> UnreadKeys { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidLineException">the line breaks the protocol</exception>
    public Dialogue Parse(ReadOnlyMemory<byte> line, SourceLine origin)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, JsonOptions);
            return Read(document.RootElement, origin);
        }
        catch (JsonException e)
        {
            throw new InvalidLineException(
                $"not a JSON object: {e.Message} Expected one object such as {{\"src\": [\"…\"], \"tgt\": []}} a line; correct the line.", e);
        }
        catch (InvalidOperationException e)
        {
            // A string that is no Unicode text: half a surrogate pair in \u escapes, or bytes that are not UTF-8.
            throw new InvalidLineException("holds a string that is not valid Unicode text. Expected UTF-8; correct the encoding.", e);
        }
    }

    private Dialogue Read(JsonElement root, SourceLine origin)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidLineException($"is {Describe(root)}. Expected one JSON object with \"src\" and \"tgt\"; correct the line.");
        }

        Dialogue dialogue = new()
        {
            Src = ReadStrings(root, "src"),
            Tgt = ReadStrings(root, "tgt"),
            System = ReadOptionalString(root, "system"),
            Label = ReadOptionalString(root, "label"),
            Response = _kind == DialogueKind.Preference ? ReadStrings(root, "response") : null,
            Sort = _kind == DialogueKind.Preference ? ReadNumbers(root, "sort") : null,
            Origin = origin,
        };
        CheckTurns(dialogue);
        if (_kind == DialogueKind.LabelledPrompt && dialogue.Label is null)
        {
            throw new InvalidLineException("label is missing. Expected the right answer, since the reward function exact_answer compares with it; add it.");
        }

        if (_kind == DialogueKind.Supervised)
        {
            CheckReplies("tgt", dialogue.Tgt);
        }

        if (dialogue is { Response: not null, Sort: not null })
        {
            CheckReplies("response", dialogue.Response);
            CheckPreference(dialogue.Response, dialogue.Sort);
        }

        CountUnreadKeys(root);
        return dialogue;
    }

    private void CheckTurns(Dialogue dialogue)
    {
        if (dialogue.Src.Count == 0)
        {
            throw new InvalidLineException("src is an empty list. Expected at least one user turn; add it or remove the line.");
        }

        for (int i = 0; i < dialogue.Src.Count; i++)
        {
            if (dialogue.Src[i].Length == 0)
            {
                throw new InvalidLineException($"src[{i}] is an empty string. Expected the user's words; add them or remove the line.");
            }
        }

        int expected = _kind == DialogueKind.Supervised ? dialogue.Src.Count : dialogue.Src.Count - 1;
        if (dialogue.Tgt.Count != expected)
        {
            string rule = _kind switch
            {
                DialogueKind.Supervised => "len(tgt) == len(src) for supervised data",
                DialogueKind.Preference => "len(tgt) == len(src) - 1 for preference data, the candidates stand in response",
                _ => "len(tgt) == len(src) - 1 for prompts, the last turn has no reply yet",
            };
            throw new InvalidLineException(
                $"len(tgt) is {dialogue.Tgt.Count}. Expected {expected} with len(src) {dialogue.Src.Count} ({rule}); add or remove replies.");
        }
    }

    /// <summary>An empty reply says "end here"; where replies have no end it says nothing.</summary>
    private void CheckReplies(string key, IReadOnlyList<string> replies)
    {
        int empty = replies.ToList().FindIndex(reply => reply.Length == 0);
        if (empty >= 0 && _ending == ReplyEnding.None)
        {
            throw new InvalidLineException(
                $"{key}[{empty}] is an empty string, which leaves nothing to learn when ignore_eos is true. Expected a reply; add it or remove the line.");
        }
    }

    private static void CheckPreference(IReadOnlyList<string> responses, IReadOnlyList<double> sort)
    {
        if (responses.Count < 2)
        {
            throw new InvalidLineException(
                $"len(response) is {responses.Count}. Expected two or more candidates to compare; add some or remove the line.");
        }

        if (sort.Count != responses.Count)
        {
            throw new InvalidLineException(
                $"len(sort) is {sort.Count}. Expected {responses.Count}, one number for each of response; higher is better.");
        }

        if (sort.All(value => value == sort[0]))
        {
            throw new InvalidLineException(
                $"sort holds {sort[0]} for every response. Expected at least two different numbers, or there is nothing to prefer; remove the line.");
        }
    }

    private static List<string> ReadStrings(JsonElement root, string key)
    {
        List<string> strings = [];
        foreach (JsonElement item in ReadList(root, key, "strings"))
        {
            if (item.ValueKind != JsonValueKind.String)
            {
                throw new InvalidLineException($"{key}[{strings.Count}] is {Describe(item)}. Expected a string; correct the line.");
            }

            strings.Add(item.GetString()!); // not null: the kind is String
        }

        return strings;
    }

    private static List<double> ReadNumbers(JsonElement root, string key)
    {
        List<double> numbers = [];
        foreach (JsonElement item in ReadList(root, key, "numbers"))
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetDouble(out double number) || !double.IsFinite(number))
            {
                throw new InvalidLineException($"{key}[{numbers.Count}] is {Describe(item)}. Expected a finite number; correct the line.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private static JsonElement.ArrayEnumerator ReadList(JsonElement root, string key, string content)
    {
        if (!root.TryGetProperty(key, out JsonElement value))
        {
            throw new InvalidLineException($"{key} is missing. Expected a list of {content}; add it.");
        }

        return value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw new InvalidLineException($"{key} is {Describe(value)}. Expected a list of {content}; correct the line.");
    }

    private static string? ReadOptionalString(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new InvalidLineException($"{key} is {Describe(value)}. Expected a string; correct the line or leave {key} out.");
    }

    private void CountUnreadKeys(JsonElement root)
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!KnownKeys.Contains(property.Name))
            {
                UnreadKeys[property.Name] = UnreadKeys.GetValueOrDefault(property.Name) + 1;
            }
        }
    }

    private static string Describe(JsonElement value)
    {
        string text = value.GetRawText();
        string shown = text.Length <= MaxShownCharacters ? text : text[..MaxShownCharacters] + "…";
        string kind = value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "a boolean",
        };
        return value.ValueKind == JsonValueKind.Null ? kind : $"{kind}, {shown}";
    }
}
