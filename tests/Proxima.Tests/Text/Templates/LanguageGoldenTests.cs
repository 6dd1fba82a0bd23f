using System.IO.Compression;
using System.Text.Json.Nodes;
using Proxima.TestSupport;
using Proxima.Text.Templates;

namespace Proxima.Tests.Text.Templates;

/// <summary>Some five thousand small templates: values with filters, tests, operators and methods, and random statements.</summary>
public sealed class LanguageGoldenTests
{
    [Fact]
    public void Every_small_template_gives_what_jinja_gives()
    {
        JsonNode goldens = Read();
        JsonObject variables = goldens["variables"]!.AsObject();
        JsonArray cases = goldens["cases"]!.AsArray();

        string[] wrong = [.. cases.Select(entry => Compare(entry!.AsObject(), variables)).OfType<string>()];

        Assert.True(cases.Count > 4000);
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {cases.Count} differ:\n{string.Join('\n', wrong.Take(20))}");
    }

    private static string? Compare(JsonObject golden, JsonObject variables)
    {
        string template = golden["template"]!.GetValue<string>();
        string? error = golden["error"]?.GetValue<string>();
        try
        {
            RenderedChat rendered = TemplateRun.Render(template, variables);
            string spans = string.Join(',', rendered.GenerationSpans.Select(span => $"[{span.Start},{span.End}]"));
            bool isRight = error is null
                && rendered.Text == golden["expected"]!.GetValue<string>()
                && $"[{spans}]" == (golden["generation_spans"]?.ToJsonString() ?? "[]");
            return isRight ? null : $"{template}\n  gives {rendered.Text} {spans}, expected {golden.ToJsonString()}";
        }
        catch (TemplateException e)
        {
            return error is not null && TemplateRun.KindOf(error) == e.Kind
                ? null
                : $"{template}\n  fails with {e.Kind} {e.Message}, expected {golden.ToJsonString()}";
        }
    }

    private static JsonNode Read()
    {
        using GZipStream stream = new(
            File.OpenRead(RepositoryPaths.InRepository("tests", "goldens", "chat_templates", "language.json.gz")),
            CompressionMode.Decompress);
        return JsonNode.Parse(stream)!;
    }
}
