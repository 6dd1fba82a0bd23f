using System.Text.Json.Nodes;
using Proxima.Text.Templates;

namespace Proxima.Tests.Text.Templates;

/// <summary>Renders with given variables at the time of the goldens.</summary>
internal static class TemplateRun
{
    public static readonly ChatTemplateOptions Options = new() { Clock = new FixedClock() };

    public static RenderedChat Render(string template, JsonObject variables) =>
        ChatTemplate.Parse(template, Options).RenderVariables(variables);

    public static string Text(string template, string variables = "{}") =>
        Render(template, JsonNode.Parse(variables)!.AsObject()).Text;

    public static TemplateException Fails(string template, string variables = "{}") =>
        Assert.Throws<TemplateException>(() => Text(template, variables));

    /// <summary>The kind of error as the goldens write it.</summary>
    public static TemplateErrorKind KindOf(string golden) => golden switch
    {
        "raise_exception" => TemplateErrorKind.RaiseException,
        "syntax" => TemplateErrorKind.Syntax,
        "security" => TemplateErrorKind.Security,
        "undefined" => TemplateErrorKind.Undefined,
        _ => TemplateErrorKind.Runtime,
    };
}
