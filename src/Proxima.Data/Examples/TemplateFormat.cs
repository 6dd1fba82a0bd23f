using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Text;
using Proxima.Text.Templates;

namespace Proxima.Data.Examples;

/// <summary>The format of models with a chat template. The template writes all special tokens itself.</summary>
internal sealed class TemplateFormat : IPromptFormat
{
    private readonly ChatTemplate _template;
    private readonly Tokenizer _tokenizer;

    public TemplateFormat(ChatTemplate template, Tokenizer tokenizer, IReadOnlyList<int> endOfReply)
    {
        _template = template;
        _tokenizer = tokenizer;
        EndOfReply = endOfReply;
    }

    public IReadOnlyList<int> EndOfReply { get; }

    public string RenderPrompt(Dialogue dialogue, int firstTurn, string lastTurn)
    {
        int last = dialogue.Src.Count - 1;
        JsonArray messages = TemplateMessages.From(dialogue, firstTurn, last, last);
        messages[^1] = TemplateMessages.Message("user", lastTurn);
        return Render(dialogue, new ChatTemplateInput { Messages = messages, AddGenerationPrompt = true }).Text;
    }

    public int[] EncodePrompt(string text) => _tokenizer.Encode(text);

    /// <summary>The exchanges from one to another, ended by the words that begin a reply to the last user turn.</summary>
    public string RenderOpen(Dialogue dialogue, int firstTurn, int lastTurn) => Render(dialogue, new ChatTemplateInput
    {
        Messages = TemplateMessages.From(dialogue, firstTurn, lastTurn, lastTurn),
        AddGenerationPrompt = true,
    }).Text;

    /// <summary>The exchanges from one to another with the reply to the last user turn.</summary>
    public RenderedChat RenderClosed(Dialogue dialogue, int firstTurn, int lastTurn) => Render(dialogue, new ChatTemplateInput
    {
        Messages = TemplateMessages.From(dialogue, firstTurn, lastTurn, lastTurn + 1),
    });

    private RenderedChat Render(Dialogue dialogue, ChatTemplateInput input)
    {
        try
        {
            return _template.Render(input);
        }
        catch (TemplateException e)
        {
            string place = dialogue.Origin is null ? string.Empty : $"{dialogue.Origin}: ";
            string what = e.Kind == TemplateErrorKind.RaiseException ? "refuses the dialogue" : $"fails ({e.Kind})";
            throw new ProximaException(
                ExitCode.Data,
                $"{place}the chat template {what}: {e.Message} Expected a dialogue that the model's template accepts; correct the line or the template.",
                e);
        }
    }
}
