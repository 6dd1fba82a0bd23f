using Proxima.Core;
using Proxima.Text.Patterns;
using Proxima.Text.PreTokenizers;

namespace Proxima.Text.Reading;

/// <summary>Entries that several components of a tokenizer.json share.</summary>
internal static class ComponentFields
{
    private const int MaxText = 1000;

    /// <summary>The error for a component that this program does not have.</summary>
    public static ProximaException Unknown(JsonField entry, string kind, string type) => entry.Error(
        $"the {kind} \"{type}\" is not supported. Expected a tokenizer made of components that language models use; "
        + "convert it with its own library");

    /// <summary>One character of the basic plane.</summary>
    public static char Character(JsonField field) =>
        field.Text() is [var only] && !char.IsSurrogate(only) ? only : throw field.Expected("a string of one character");

    /// <summary>A text of the length that such files hold; a hostile one would take its length for every character.</summary>
    public static string ShortText(JsonField field) =>
        field.Text() is { Length: <= MaxText } text ? text : throw field.Expected($"a string of at most {MaxText} characters");

    /// <summary>The "pattern" of a component: {"String": …} or {"Regex": …}.</summary>
    public static TextMatcher Matcher(JsonField entry)
    {
        JsonField pattern = entry.Field("pattern");
        if (pattern.Optional("String") is JsonField literal)
        {
            return TextMatcher.Literal(ShortText(literal));
        }

        JsonField regex = pattern.Optional("Regex") ?? throw pattern.Expected("{\"String\": …} or {\"Regex\": …}");
        try
        {
            return TextMatcher.Regex(regex.Text());
        }
        catch (ProximaException e)
        {
            throw regex.Error(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>The prepend scheme of a Metaspace; older files say add_prefix_space instead.</summary>
    public static PrependScheme MetaspaceScheme(JsonField entry)
    {
        PrependScheme? scheme = entry.Optional("prepend_scheme") is JsonField field
            ? field.Text() switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                _ => throw field.Expected("\"always\", \"first\" or \"never\""),
            }
            : null;
        return scheme ?? (entry.FlagOr("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never);
    }
}
