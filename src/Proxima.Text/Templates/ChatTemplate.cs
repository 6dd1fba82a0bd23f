using System.Text.Json.Nodes;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Syntax;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates;

/// <summary>
/// A chat template: the Jinja language as transformers sets it up (blocks trimmed, no HTML escaping, loop controls,
/// <c>{% generation %}</c>, <c>raise_exception</c>, <c>strftime_now</c>), closed against everything but its input.
/// </summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _statements;
    private readonly ChatTemplateOptions _options;

    private ChatTemplate(string source, IReadOnlyList<Statement> statements, ChatTemplateOptions options)
    {
        Source = source;
        _statements = statements;
        _options = options;
    }

    /// <summary>The template as it is written.</summary>
    public string Source { get; }

    /// <summary>Reads the template of a model folder: <c>chat_template.jinja</c>, else the key of <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">model folder</param>
    /// <param name="options">clock and budget; the special tokens are the folder's</param>
    /// <returns>null when the model has none</returns>
    /// <exception cref="Core.ProximaException">the files cannot be read or hold no proper template</exception>
    public static ChatTemplate? Load(string folder, ChatTemplateOptions? options = null) =>
        ChatTemplateFiles.Load(folder, options ?? new ChatTemplateOptions());

    /// <summary>Reads a template.</summary>
    /// <param name="source">the template</param>
    /// <param name="options">clock, budget and special tokens</param>
    /// <exception cref="TemplateException">the text is no template</exception>
    public static ChatTemplate Parse(string source, ChatTemplateOptions? options = null)
    {
        options ??= new ChatTemplateOptions();
        using IDisposable metered = Meter.Begin(options.Budget);
        return new ChatTemplate(source, StatementParser.Parse(source), options);
    }

    /// <summary>Renders a dialogue.</summary>
    /// <exception cref="TemplateException">the template fails, refuses the dialogue or takes too much</exception>
    public RenderedChat Render(ChatTemplateInput input)
    {
        JsonObject variables = new()
        {
            ["messages"] = input.Messages.DeepClone(),
            ["tools"] = input.Tools?.DeepClone(),
            ["documents"] = input.Documents?.DeepClone(),
            ["add_generation_prompt"] = input.AddGenerationPrompt,
        };
        foreach ((string name, string token) in _options.SpecialTokens)
        {
            variables[name] = token;
        }

        foreach ((string name, JsonNode? value) in input.Variables ?? [])
        {
            variables[name] = value?.DeepClone();
        }

        return RenderVariables(variables);
    }

    /// <summary>Renders with exactly these variables.</summary>
    /// <exception cref="TemplateException">the template fails, refuses its input or takes too much</exception>
    public RenderedChat RenderVariables(JsonObject variables)
    {
        using IDisposable metered = Meter.Begin(_options.Budget);
        RenderState state = new(_options.Clock);
        Scope root = new(Globals.Create(state));
        foreach ((string name, JsonNode? value) in variables)
        {
            root.Set(name, JsonValues.From(value));
        }

        return new Evaluator(state, root).Render(_statements);
    }
}
