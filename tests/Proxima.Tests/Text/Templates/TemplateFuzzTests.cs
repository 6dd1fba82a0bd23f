using CsCheck;
using Proxima.Fuzz.Targets;

namespace Proxima.Tests.Text.Templates;

/// <summary>Whatever the template is: a text or a template error, within the budget.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "{%-", "-%}", "{%+", "if ", "else ", "endif", "for ", "x ", "in ", "messages ", "endfor", "set ", "endset",
        "macro ", "endmacro", "call ", "endcall", "generation", "endgeneration", "raw", "endraw", "break", "loop", "(", ")", "[", "]", "{", "}", ",", ":",
        ".", "|", "~", "+", "-", "*", "/", "%", "**", "=", "==", "<", "'a'", "\"", "'", "\\", "1", "0.5", "none", "not ", "is ", "defined", "upper", "map",
        "tojson", "role", "content", "namespace", "range", "\n", " ", "é", "😀", "\ud800", "\0",
    ];

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
