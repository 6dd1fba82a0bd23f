using System.Text.Json.Nodes;
using Proxima.TestSupport;
using Proxima.Text.Templates;

namespace Proxima.Tests.Text.Templates;

public sealed class OwnTemplateGoldenTests
{
    private static readonly Dictionary<string, JsonObject> Cases = Read("own_templates.json");
    private static readonly Dictionary<string, JsonObject> Expected = Read("expected_own.json");

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Fact]
    public void There_are_167_cases()
    {
        Assert.Equal(167, Cases.Count);
        Assert.Equal(Cases.Keys, Expected.Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_template_gives_what_jinja_gives(string name)
    {
        string template = Cases[name]["template"]!.GetValue<string>();
        JsonObject variables = Cases[name]["variables"] as JsonObject ?? [];
        JsonObject expected = Expected[name];
        if (expected["error"] is { } error)
        {
            TemplateException failure = Assert.Throws<TemplateException>(() => TemplateRun.Render(template, variables));
            Assert.Equal(TemplateRun.KindOf(error.GetValue<string>()), failure.Kind);
            if (failure.Kind == TemplateErrorKind.RaiseException)
            {
                Assert.Equal(expected["message"]!.GetValue<string>(), failure.Message);
            }

            return;
        }

        RenderedChat rendered = TemplateRun.Render(template, variables);
        Assert.Equal(expected["expected"]!.GetValue<string>(), rendered.Text);
        if (expected["generation_spans"] is JsonArray spans)
        {
            Assert.Equal(
                spans.Select(span => new GenerationSpan(span![0]!.GetValue<int>(), span[1]!.GetValue<int>())),
                rendered.GenerationSpans);
            Assert.True(rendered.SpansAreExact);
        }
    }

    private static Dictionary<string, JsonObject> Read(string file)
    {
        string path = RepositoryPaths.InRepository("tests", "goldens", "chat_templates", file);
        return JsonNode.Parse(File.ReadAllText(path))!.AsArray().ToDictionary(
            entry => entry!["name"]!.GetValue<string>(),
            entry => entry!.AsObject());
    }
}
