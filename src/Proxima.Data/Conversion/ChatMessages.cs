using System.Text.Json.Nodes;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Conversion;

/// <summary>A conversation of a column: perhaps a system message, then user and assistant by turns.</summary>
internal sealed record ChatMessages
{
    private enum Role
    {
        System,
        User,
        Assistant,
    }

    public required string? System { get; init; }

    public required IReadOnlyList<string> Src { get; init; }

    /// <summary>As many as <see cref="Src"/>, or one fewer when the last user turn is open.</summary>
    public required IReadOnlyList<string> Tgt { get; init; }

    /// <summary>Whether the last user turn has its reply.</summary>
    public bool EndsWithReply => Src.Count > 0 && Src.Count == Tgt.Count;

    /// <summary>Reads a list of messages with role and content, or with from and value.</summary>
    /// <param name="column">name of the column, for messages</param>
    /// <param name="value">its value</param>
    /// <exception cref="InvalidLineException">it is no conversation</exception>
    public static ChatMessages Read(string column, JsonNode? value)
    {
        if (value is not JsonArray { Count: > 0 } messages)
        {
            throw new InvalidLineException($"{column} is no list of messages. Expected [{{\"role\": \"user\", \"content\": \"…\"}}, …]; correct or remove the row.");
        }

        string? system = null;
        List<string> src = [];
        List<string> tgt = [];
        for (int i = 0; i < messages.Count; i++)
        {
            string place = $"{column}[{i}]";
            (Role role, string text) = ReadMessage(place, messages[i]);
            switch (role)
            {
                case Role.System when i == 0:
                    system = text;
                    break;
                case Role.User when src.Count == tgt.Count:
                    src.Add(text);
                    break;
                case Role.Assistant when src.Count == tgt.Count + 1:
                    tgt.Add(text);
                    break;
                default:
                    throw new InvalidLineException(
                        $"{place} is a message of the {role.ToString().ToLowerInvariant()} where none can stand. Expected perhaps a system message, then user and assistant by turns; correct or remove the row.");
            }
        }

        return new ChatMessages { System = system, Src = src, Tgt = tgt };
    }

    private static (Role Role, string Text) ReadMessage(string place, JsonNode? node)
    {
        if (node is not JsonObject message)
        {
            throw new InvalidLineException($"{place} is no message. Expected an object with role and content; correct or remove the row.");
        }

        string role = Columns.Text(message, "role") ?? Columns.Text(message, "from") ?? "";
        JsonNode? content = message["content"] ?? message["value"];
        Role known = role switch
        {
            "system" or "developer" => Role.System,
            "user" or "human" => Role.User,
            "assistant" or "gpt" or "model" or "chatbot" => Role.Assistant,
            _ => throw new InvalidLineException($"{place} has the role \"{role}\". Expected system, user or assistant; correct or remove the row."),
        };
        return (known, TextOf(place, content));
    }

    /// <summary>A text, or the text parts of a list of parts one after the other.</summary>
    private static string TextOf(string place, JsonNode? content)
    {
        if (Columns.TextOf(content) is { } text)
        {
            return text;
        }

        if (content is JsonArray { Count: > 0 } parts && parts.All(part => part is JsonObject fields && Columns.Text(fields, "type") == "text" && Columns.Text(fields, "text") is not null))
        {
            return string.Concat(parts.Select(part => Columns.Text(part!.AsObject(), "text")));
        }

        throw new InvalidLineException($"{place} has no text as its content. Expected a string, or a list of text parts; correct or remove the row.");
    }
}
