using System.Text;
using System.Text.Json.Nodes;
using Proxima.Text.Templates;

namespace Proxima.Fuzz.Targets;

/// <summary>Renders bytes as a chat template: a text or a <see cref="TemplateException"/> within the budget, nothing else.</summary>
public static class TemplateFuzzTarget
{
    // A hundredth of what a rendering may take by default: what a fuzzer tries has to end soon.
    private static readonly TemplateBudget Budget = new() { MaxSteps = 50_000, MaxSize = 640_000 };

    private static readonly JsonObject Variables = JsonNode.Parse("""
        {
            "messages": [{"role": "user", "content": "Hi 😀"}, {"role": "assistant", "content": null}],
            "add_generation_prompt": true, "x": "text", "tools": null
        }
        """)!.AsObject();

    public static void Run(ReadOnlySpan<byte> template) => Run(Encoding.UTF8.GetString(template));

    public static void Run(string template)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(ChatTemplate.Parse(template, new ChatTemplateOptions { Budget = Budget }).RenderVariables(Variables).Text);
        }
        catch (TemplateException e) when (Enum.IsDefined(e.Kind))
        {
            // What a template may end with.
        }
    }
}
