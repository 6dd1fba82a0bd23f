using Proxima.Data.Dialogues;

namespace Proxima.Data.Examples;

/// <summary>How a dialogue becomes a prompt: plain, or by a chat template.</summary>
internal interface IPromptFormat
{
    /// <summary>Tokens behind a whole reply; empty where replies have no end.</summary>
    public IReadOnlyList<int> EndOfReply { get; }

    /// <summary>The system message, the exchanges from <paramref name="firstTurn"/> on and the open last turn.</summary>
    /// <param name="dialogue">user turns, and the replies to all of them but the last; further replies are not looked at</param>
    /// <param name="firstTurn">index of the first exchange that is kept</param>
    /// <param name="lastTurn">words of the last user turn</param>
    public string RenderPrompt(Dialogue dialogue, int firstTurn, string lastTurn);

    /// <summary>[P] token ids of a rendered prompt, special tokens included.</summary>
    public int[] EncodePrompt(string text);
}
