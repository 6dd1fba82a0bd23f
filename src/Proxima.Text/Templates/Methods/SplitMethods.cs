using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods that take a string apart.</summary>
internal static class SplitMethods
{
    public static object? Split(string text, Arguments arguments)
    {
        Meter.Step(text.Length >> 4);
        BoundArguments bound = arguments.Bind("split", 0, "sep", "maxsplit");
        int most = Most(bound);
        return bound.OptionalText(0) is { } separator
            ? List(AtSeparator(text, Checked(separator), most))
            : List(AtSpaces(text, most));
    }

    public static object? SplitFromEnd(string text, Arguments arguments)
    {
        Meter.Step(text.Length >> 4);
        BoundArguments bound = arguments.Bind("rsplit", 0, "sep", "maxsplit");
        int most = Most(bound);
        return bound.OptionalText(0) is { } separator
            ? List(AtSeparatorFromEnd(text, Checked(separator), most))
            : List(AtSpacesFromEnd(text, most));
    }

    public static object? SplitLines(string text, Arguments arguments)
    {
        bool keepsEnds = arguments.Bind("splitlines", 0, "keepends").Flag(0);
        return List(Lines(text).Select(line => keepsEnds ? line.Text + line.End : line.Text));
    }

    /// <summary>The lines of a text with what ends them.</summary>
    public static IEnumerable<(string Text, string End)> Lines(string text)
    {
        Meter.Allocate(text.Length);
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (!CharacterClasses.IsLineBreak(text[i]))
            {
                continue;
            }

            int end = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? i + 2 : i + 1;
            yield return (text[start..i], text[i..end]);
            start = end;
            i = end - 1;
        }

        if (start < text.Length)
        {
            yield return (text[start..], string.Empty);
        }
    }

    public static object? Partition(string text, Arguments arguments)
    {
        string separator = Checked(arguments.Bind("partition", 1, "sep").Text(0));
        Meter.Search(text.Length, separator.Length);
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0
            ? new PyTuple(text, string.Empty, string.Empty)
            : new PyTuple(text[..at], separator, text[(at + separator.Length)..]);
    }

    public static object? PartitionFromEnd(string text, Arguments arguments)
    {
        string separator = Checked(arguments.Bind("rpartition", 1, "sep").Text(0));
        Meter.Search(text.Length, separator.Length);
        int at = text.LastIndexOf(separator, StringComparison.Ordinal);
        return at < 0
            ? new PyTuple(string.Empty, string.Empty, text)
            : new PyTuple(text[..at], separator, text[(at + separator.Length)..]);
    }

    private static IEnumerable<string> AtSeparator(string text, string separator, int most)
    {
        Meter.Search(text.Length, separator.Length);
        int start = 0;
        int found = 0;
        while (found < most && text.IndexOf(separator, start, StringComparison.Ordinal) is var at and >= 0)
        {
            yield return text[start..at];
            start = at + separator.Length;
            found++;
        }

        yield return text[start..];
    }

    private static List<string> AtSeparatorFromEnd(string text, string separator, int most)
    {
        Meter.Search(text.Length, separator.Length);
        List<string> parts = [];
        string rest = text;
        while (parts.Count < most && rest.LastIndexOf(separator, StringComparison.Ordinal) is var at and >= 0)
        {
            Meter.Allocate(rest.Length);
            parts.Add(rest[(at + separator.Length)..]);
            rest = rest[..at];
        }

        parts.Add(rest);
        parts.Reverse();
        return parts;
    }

    private static IEnumerable<string> AtSpaces(string text, int most)
    {
        int found = 0;
        int at = SkipSpaces(text, 0);
        while (at < text.Length)
        {
            if (found++ == most)
            {
                yield return text[at..];
                yield break;
            }

            int end = at;
            while (end < text.Length && !CharacterClasses.IsSpace(text[end]))
            {
                end++;
            }

            yield return text[at..end];
            at = SkipSpaces(text, end);
        }
    }

    private static List<string> AtSpacesFromEnd(string text, int most)
    {
        List<string> parts = [];
        int end = TrimSpaces(text, text.Length);
        while (end > 0)
        {
            if (parts.Count == most)
            {
                parts.Add(text[..end]);
                break;
            }

            int start = end;
            while (start > 0 && !CharacterClasses.IsSpace(text[start - 1]))
            {
                start--;
            }

            parts.Add(text[start..end]);
            end = TrimSpaces(text, start);
        }

        parts.Reverse();
        return parts;
    }

    private static int SkipSpaces(string text, int at)
    {
        while (at < text.Length && CharacterClasses.IsSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int TrimSpaces(string text, int end)
    {
        while (end > 0 && CharacterClasses.IsSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    private static PyList List(IEnumerable<string> parts)
    {
        List<object?> items = [];
        foreach (string part in parts)
        {
            Meter.Allocate(part.Length + 1);
            items.Add(part);
        }

        return new PyList(items);
    }

    private static int Most(BoundArguments bound)
    {
        int most = bound.Int(1, -1);
        return most < 0 ? int.MaxValue : most;
    }

    private static string Checked(string separator) =>
        separator.Length > 0 ? separator : throw TemplateException.Runtime("empty separator");
}
