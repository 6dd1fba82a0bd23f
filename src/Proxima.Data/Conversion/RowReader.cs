using System.Text.Json.Nodes;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Conversion;

/// <summary>
/// One row in another layout → a dialogue of the data protocol. Layouts: chosen and rejected with a prompt of text or messages (TRL's
/// preference data); messages or conversations (chat); prompt and completion; instruction, input and output; prompt alone.
/// </summary>
internal static class RowReader
{
    private static readonly string[] ConversationColumns = ["messages", "conversations", "conversation"];
    private static readonly string[] ReplyColumns = ["completion", "response", "output"];
    private static readonly string[] PromptColumns = ["prompt", "question", "instruction"];

    /// <summary>What a row looks like it is for.</summary>
    public static DataKind KindOf(JsonObject row) =>
        IsPreference(row) ? DataKind.Preference : ReadDialogue(row).EndsWithReply ? DataKind.Sft : DataKind.Ppo;

    /// <summary>The row as a dialogue.</summary>
    /// <param name="row">its columns</param>
    /// <param name="kind">what it shall be for</param>
    /// <param name="labelColumn">column that becomes label; null: label, where there is one</param>
    /// <exception cref="InvalidLineException">the row has no known layout, or not what the kind needs</exception>
    public static Dialogue Read(JsonObject row, DataKind kind, string? labelColumn)
    {
        ChatMessages chat = kind == DataKind.Preference && IsPreference(row) ? PromptOfPreference(row) : ReadDialogue(row);
        var dialogue = new Dialogue
        {
            Src = chat.Src,
            Tgt = chat.Tgt,
            System = chat.System ?? Columns.Text(row, "system"),
            Label = Label(row, labelColumn),
        };
        return kind switch
        {
            DataKind.Preference => IsPreference(row)
                ? dialogue with { Response = [Reply(row, "chosen", chat), Reply(row, "rejected", chat)], Sort = [1, 0] }
                : throw new InvalidLineException($"holds no chosen and rejected, which preference data need (columns: {Names(row)}). Convert to sft or ppo."),
            DataKind.Sft => chat.EndsWithReply
                ? dialogue
                : throw new InvalidLineException("ends with a user turn, and sft needs every reply. Convert to ppo, or remove the row."),
            _ => chat.EndsWithReply ? dialogue with { Tgt = [.. chat.Tgt.SkipLast(1)] } : dialogue,
        };
    }

    private static bool IsPreference(JsonObject row) => Columns.Has(row, "chosen") && Columns.Has(row, "rejected");

    private static string? Label(JsonObject row, string? column)
    {
        if (column is null)
        {
            return Columns.Text(row, "label");
        }

        JsonNode? value = row[column];
        return Columns.TextOf(value) ?? (value is JsonValue scalar
            ? scalar.ToJsonString()
            : throw new InvalidLineException($"{column} is missing or no single value. Expected the label; give another label_column or remove the row."));
    }

    private static ChatMessages ReadDialogue(JsonObject row)
    {
        if (ConversationColumns.FirstOrDefault(column => Columns.Has(row, column)) is { } conversation)
        {
            return ChatMessages.Read(conversation, row[conversation]);
        }

        if (PromptColumns.FirstOrDefault(column => Columns.Has(row, column)) is { } column)
        {
            ChatMessages prompt = Prompt(row, column);
            return ReplyColumns.FirstOrDefault(reply => Columns.Has(row, reply)) is { } reply
                ? prompt with { Tgt = [.. prompt.Tgt, Reply(row, reply, prompt)] }
                : prompt;
        }

        throw new InvalidLineException(
            $"has no layout that is known (columns: {Names(row)}). Expected messages or conversations, or prompt with completion, or prompt with chosen and rejected.");
    }

    /// <summary>The open prompt of a column: a text, or messages that end with a user turn.</summary>
    private static ChatMessages Prompt(JsonObject row, string column)
    {
        if (Columns.Text(row, column) is { } text)
        {
            string? input = column == "instruction" ? Columns.Text(row, "input") : null;
            return new ChatMessages { System = null, Src = [string.IsNullOrEmpty(input) ? text : $"{text}\n{input}"], Tgt = [] };
        }

        ChatMessages chat = ChatMessages.Read(column, row[column]);
        return chat.Src.Count == chat.Tgt.Count + 1
            ? chat
            : throw new InvalidLineException($"{column} does not end with a user turn. Expected an open prompt; correct or remove the row.");
    }

    /// <summary>The prompt of a preference row: its own column, or what chosen and rejected have in common.</summary>
    private static ChatMessages PromptOfPreference(JsonObject row)
    {
        if (PromptColumns.FirstOrDefault(column => Columns.Has(row, column)) is { } column)
        {
            return Prompt(row, column);
        }

        ChatMessages chosen = ChatMessages.Read("chosen", row["chosen"]);
        ChatMessages rejected = ChatMessages.Read("rejected", row["rejected"]);
        ChatMessages prompt = chosen with { Tgt = [.. chosen.Tgt.SkipLast(1)] };
        bool isCommon = chosen.EndsWithReply && rejected.EndsWithReply && chosen.System == rejected.System
            && chosen.Src.SequenceEqual(rejected.Src) && prompt.Tgt.SequenceEqual(rejected.Tgt.SkipLast(1));
        return isCommon
            ? prompt
            : throw new InvalidLineException("chosen and rejected have no common prompt. Expected conversations that differ in their last reply alone, or a prompt column.");
    }

    /// <summary>A reply: a text, one assistant message, or a conversation that repeats the prompt.</summary>
    private static string Reply(JsonObject row, string column, ChatMessages prompt)
    {
        if (Columns.Text(row, column) is { } text)
        {
            return text.Length > 0 ? text : throw new InvalidLineException($"{column} is an empty text. Expected a reply; write it or remove the row.");
        }

        if (row[column] is JsonArray { Count: 1 } single)
        {
            JsonArray whole = [new JsonObject { ["role"] = "user", ["content"] = "." }, single[0]?.DeepClone()];
            return ChatMessages.Read(column, whole).Tgt[0];
        }

        ChatMessages chat = ChatMessages.Read(column, row[column]);
        return chat.EndsWithReply && chat.Src.SequenceEqual(prompt.Src)
            ? chat.Tgt[^1]
            : throw new InvalidLineException($"{column} is no reply to the prompt. Expected a text, an assistant message, or the prompt's messages and a reply.");
    }

    private static string Names(JsonObject row) => string.Join(", ", row.Select(column => column.Key));
}
