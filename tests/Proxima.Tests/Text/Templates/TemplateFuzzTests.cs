using System.Diagnostics;
using CsCheck;
using Proxima.Fuzz.Targets;
using Proxima.TestSupport;

namespace Proxima.Tests.Text.Templates;

/// <summary>Whatever the template is: a text or a template error, within the budget.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

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
        byte[] template = File.ReadAllBytes(RepositoryPaths.InRepository("tests", "fuzz", "templates", name));
        Stopwatch watch = Stopwatch.StartNew();

        TemplateFuzzTarget.Run(template);

        Assert.True(watch.Elapsed < Limit, $"{name} took {watch.Elapsed}");
    }

    [Fact]
    public void Random_fragments_give_a_text_or_a_template_error()
    {
        Gen.OneOf(Fragments).Array[0, 40].Select(string.Concat).Sample(text => TemplateFuzzTarget.Run(text), iter: 3000);
    }

    [Fact]
    public void Random_characters_between_tags_give_a_text_or_a_template_error()
    {
        Gen.String[0, 30].Sample(text => TemplateFuzzTarget.Run("{{ " + text + " }}{% if " + text + " %}" + text + "{% endif %}"), iter: 2000);
    }
}
