using System.Text.Json.Nodes;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Examples;

/// <summary>Dialogues as the messages of chat templates.</summary>
internal static class TemplateMessages
{
    public static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    /// <summary>The system message and the turns of some exchanges.</summary>
    /// <param name="dialogue">user turns and replies</param>
    /// <param name="firstTurn">index of the first exchange</param>
    /// <param name="lastTurn">index of the last user turn</param>
    /// <param name="replies">how many replies from the beginning of the dialogue are known</param>
    public static JsonArray From(Dialogue dialogue, int firstTurn, int lastTurn, int replies)
    {
        JsonArray messages = [];
        if (dialogue.System is not null)
        {
            messages.Add(Message("system", dialogue.System));
        }

        for (int i = firstTurn; i <= lastTurn; i++)
        {
            messages.Add(Message("user", dialogue.Src[i]));
            if (i < replies)
            {
                messages.Add(Message("assistant", dialogue.Tgt[i]));
            }
        }

        return messages;
    }
}
