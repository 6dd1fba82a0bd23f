using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Text;
using Proxima.Text.Templates;

namespace Proxima.Data.Examples;

/// <summary>The token that ends a reply in a chat template.</summary>
/// <param name="Id">its id</param>
/// <param name="Text">its text as the template writes it</param>
public sealed record EndOfTurn(int Id, string Text)
{
    private const string Question = "ping";
    private const string Answer = "pong";

    /// <summary>Renders a small dialogue and takes the first special token behind the reply.</summary>
    /// <returns>null when the template refuses the dialogue or writes no special token there</returns>
    /// <exception cref="ProximaException">the template takes more than its budget</exception>
    public static EndOfTurn? Find(ChatTemplate template, Tokenizer tokenizer)
    {
        JsonArray messages = [TemplateMessages.Message("user", Question), TemplateMessages.Message("assistant", Answer)];
        string text;
        try
        {
            text = template.Render(new ChatTemplateInput { Messages = messages }).Text;
        }
        catch (TemplateException e) when (e.Kind == TemplateErrorKind.Budget)
        {
            throw new ProximaException(ExitCode.Data, $"the chat template is not to be trusted: {e.Message}", e);
        }
        catch (TemplateException)
        {
            return null;
        }

        int at = text.LastIndexOf(Answer, StringComparison.Ordinal);
        string tail = at < 0 ? string.Empty : text[(at + Answer.Length)..];
        foreach (int id in tokenizer.Encode(tail))
        {
            string? token = tokenizer.IdToToken(id);
            if (token is not null && tokenizer.IsSpecial(id) && tail.Contains(token, StringComparison.Ordinal))
            {
                return new EndOfTurn(id, token);
            }
        }

        return null;
    }
}
