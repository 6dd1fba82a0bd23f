using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Proxima.TestSupport;
using Proxima.Text.Templates;

namespace Proxima.Tests.Text.Templates;

/// <summary>Whatever the template is: a text or a template error, within the budget.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // Smaller than what a rendering may take by default, so that the corpus is replayed quickly.
    private static readonly TemplateBudget Budget = new() { MaxSteps = 500_000, MaxSize = 8_000_000 };

    private static readonly JsonObject Variables = JsonNode.Parse("""
        {
            "messages": [{"role": "user", "content": "Hi 😀"}, {"role": "assistant", "content": null}],
            "add_generation_prompt": true, "x": "text", "tools": null
        }
        """)!.AsObject();

    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "{%+", "if ", "else ", "endif", "for ", "x ", "in ", "messages ", "endfor", "set ", "endset",
        "macro ", "endmacro", "call ", "endcall", "generation", "endgeneration", "raw", "endraw", "break", "loop", "(", ")", "[", "]", "{", "}", ",", ":",
        ".", "|", "~", "+", "-", "*", "/", "%", "**", "=", "==", "<", "'a'", "\"", "'", "\\", "1", "0.5", "none", "not ", "is ", "defined", "upper", "map",
        "tojson", "role", "content", "namespace", "range", "\n", " ", "é", "😀", "\ud800", "\0",
    ];

    public static TheoryData<string> Corpus =>
        [.. Directory.EnumerateFiles(RepositoryPaths.InRepository("tests", "fuzz", "templates")).Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void A_template_of_the_corpus_gives_a_text_or_a_template_error_in_time(string name)
    {
        string template = Encoding.UTF8.GetString(File.ReadAllBytes(RepositoryPaths.InRepository("tests", "fuzz", "templates", name)));
        Stopwatch watch = Stopwatch.StartNew();

        Run(template);

        Assert.True(watch.Elapsed < Limit, $"{name} took {watch.Elapsed}");
    }

    [Fact]
    public void Random_fragments_give_a_text_or_a_template_error()
    {
        Gen.OneOf(Fragments).Array[0, 40].Select(string.Concat).Sample(Run, iter: 3000);
    }

    [Fact]
    public void Random_characters_between_tags_give_a_text_or_a_template_error()
    {
        Gen.String[0, 30].Sample(text => Run("{{ " + text + " }}{% if " + text + " %}" + text + "{% endif %}"), iter: 2000);
    }

    private static void Run(string template)
    {
        try
        {
            ChatTemplateOptions options = TemplateRun.Options with { Budget = Budget };
            Assert.NotNull(ChatTemplate.Parse(template, options).RenderVariables(Variables).Text);
        }
        catch (TemplateException e)
        {
            Assert.True(Enum.IsDefined(e.Kind));
        }
    }
}
