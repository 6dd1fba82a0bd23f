using Proxima.Data.Dialogues;
using Proxima.Text;

namespace Proxima.Data.Examples;

/// <summary>
/// The format of models without a chat template: turns joined by a newline, no role words, special tokens as the
/// tokenizer's post-processor adds them.
/// </summary>
internal sealed class PlainFormat : IPromptFormat
{
    private readonly Tokenizer _tokenizer;

    public PlainFormat(Tokenizer tokenizer, IReadOnlyList<int> endOfReply)
    {
        _tokenizer = tokenizer;
        EndOfReply = endOfReply;
    }

    public IReadOnlyList<int> EndOfReply { get; }

    public string RenderPrompt(Dialogue dialogue, int firstTurn, string lastTurn)
    {
        List<string> turns = [];
        if (dialogue.System is not null)
        {
            turns.Add(dialogue.System);
        }

        for (int i = firstTurn; i < dialogue.Src.Count - 1; i++)
        {
            turns.Add(dialogue.Src[i]);
            turns.Add(dialogue.Tgt[i]);
        }

        turns.Add(lastTurn);
        return string.Join('\n', turns);
    }

    public int[] EncodePrompt(string text) => _tokenizer.EncodeWithSpecialTokens(text);
}
