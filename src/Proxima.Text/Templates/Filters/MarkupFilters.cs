using System.Buffers;
using System.Net;
using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Filters for HTML, XML and addresses.</summary>
internal static class MarkupFilters
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create(" \t\n\r\f\v/>=");

    public static object? Escape(object? value, Arguments arguments)
    {
        arguments.ExpectNone("escape");
        return Counted(SafeString.Escape(value));
    }

    public static object? ForceEscape(object? value, Arguments arguments)
    {
        arguments.ExpectNone("forceescape");
        return Counted(new SafeString(SafeString.Escape(PyText.Str(value))));
    }

    public static object? Safe(object? value, Arguments arguments)
    {
        arguments.ExpectNone("safe");
        return value is SafeString ? value : new SafeString(PyText.Str(value));
    }

    public static object? StripTags(object? value, Arguments arguments)
    {
        arguments.ExpectNone("striptags");
        string text = Without(Without(PyText.Str(value), "<!--", "-->"), "<", ">");
        StringBuilder output = new();
        bool pending = false;
        foreach (char c in text)
        {
            if (CharacterClasses.IsSpace(c))
            {
                pending = output.Length > 0;
            }
            else
            {
                output.Append(pending ? " " : string.Empty).Append(c);
                pending = false;
            }
        }

        Meter.Allocate(output.Length);
        return WebUtility.HtmlDecode(output.ToString());
    }

    public static object? UrlEncode(object? value, Arguments arguments)
    {
        arguments.ExpectNone("urlencode");
        if (PyConvert.IsText(value) || !Iteration.IsPossible(value))
        {
            return Quote(PyText.Str(value), "/");
        }

        IEnumerable<object?> pairs = value is PyDict dict ? new DictView(dict, DictPart.Items).Items : Iteration.Over(value);
        return string.Join('&', pairs.Select(pair => Iteration.ToList(pair)).Select(pair => pair.Count == 2
            ? $"{QuoteForQuery(pair[0])}={QuoteForQuery(pair[1])}"
            : throw TemplateException.Runtime("expected pairs of keys and values")));
    }

    public static object? XmlAttributes(RenderState state, object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("xmlattr", 0, "autospace");
        PyDict dict = value as PyDict ?? throw (value is Undefined undefined
            ? undefined.Failure()
            : TemplateException.Runtime($"'{PyType.Name(value)}' object has no attribute 'items'"));
        List<string> items = [];
        foreach ((object? key, object? entry) in dict.Entries)
        {
            if (entry is null or Undefined)
            {
                continue;
            }

            string name = PyConvert.ToText(key);
            if (name.AsSpan().IndexOfAny(NotInNames) >= 0)
            {
                throw TemplateException.Runtime($"Invalid character in attribute name: {PyText.Repr(name)}");
            }

            items.Add($"{SafeString.Escape(name)}=\"{SafeString.Escape(entry).Text}\"");
        }

        string text = string.Join(' ', items);
        bool hasSpace = (!bound.IsGiven(0) || bound.Flag(0)) && text.Length > 0;
        text = hasSpace ? " " + text : text;
        Meter.Allocate(text.Length);
        return state.AutoEscape ? new SafeString(text) : text;
    }

    private static SafeString Counted(SafeString text)
    {
        Meter.Allocate(text.Text.Length);
        return text;
    }

    /// <summary>Without everything from an opening to the next closing mark.</summary>
    private static string Without(string text, string open, string close)
    {
        Meter.Allocate(text.Length);
        StringBuilder output = new();
        int at = 0;
        while (text.IndexOf(open, at, StringComparison.Ordinal) is var start and >= 0
            && text.IndexOf(close, start, StringComparison.Ordinal) is var end and >= 0)
        {
            output.Append(text, at, start - at);
            at = end + close.Length;
        }

        return output.Append(text, at, text.Length - at).ToString();
    }

    private static string QuoteForQuery(object? value) =>
        Quote(PyText.Str(value), string.Empty).Replace("%20", "+", StringComparison.Ordinal);

    private static string Quote(string text, string kept)
    {
        StringBuilder output = new();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || "_.-~".Contains(c, StringComparison.Ordinal) || kept.Contains(c, StringComparison.Ordinal))
            {
                output.Append(c);
            }
            else
            {
                output.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        Meter.Allocate(output.Length);
        return output.ToString();
    }
}
