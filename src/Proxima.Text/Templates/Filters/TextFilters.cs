using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Formatting;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Filters that give texts.</summary>
internal static class TextFilters
{
    private const string WordOpeners = "-({[<";

    public static object? Upper(object? value, Arguments arguments) => Map(value, arguments, "upper", CaseMapping.Upper);

    public static object? Lower(object? value, Arguments arguments) => Map(value, arguments, "lower", CaseMapping.Lower);

    public static object? Capitalize(object? value, Arguments arguments) => Map(value, arguments, "capitalize", CaseMapping.Capitalize);

    /// <summary>Upper case behind white space, hyphens and opening brackets, lower case elsewhere (not as the method does it).</summary>
    public static object? Title(object? value, Arguments arguments)
    {
        arguments.ExpectNone("title");
        StringBuilder output = new();
        StringBuilder word = new();
        foreach (int point in CodePoints.ToArray(PyText.Str(value)))
        {
            if (CharacterClasses.IsSpace(point) || (point <= char.MaxValue && WordOpeners.Contains((char)point, StringComparison.Ordinal)))
            {
                output.Append(TitleWord(word.ToString()));
                word.Clear();
                CodePoints.Append(output, point);
            }
            else
            {
                CodePoints.Append(word, point);
            }
        }

        return output.Append(TitleWord(word.ToString())).ToString();
    }

    public static object? Trim(object? value, Arguments arguments)
    {
        string? characters = arguments.Bind("trim", 0, "chars").OptionalText(0);
        return Map(value, text => StripMethods.Strip(text, characters, Side.Both));
    }

    public static object? String(object? value, Arguments arguments)
    {
        arguments.ExpectNone("string");
        return value is SafeString ? value : PyText.Str(value);
    }

    public static object? Replace(RenderState state, object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("replace", 2, "old", "new", "count");
        int most = bound[2] is null ? -1 : PyConvert.ToInt(bound[2]);
        if (!state.AutoEscape)
        {
            return SearchMethods.Replace(PyText.Str(value), PyText.Str(bound[0]), PyText.Str(bound[1]), most);
        }

        bool escapes = bound[0] is SafeString || (bound[1] is SafeString && value is not SafeString);
        SafeString? safe = escapes ? SafeString.Escape(value) : value as SafeString;
        return safe is null
            ? SearchMethods.Replace(PyText.Str(value), PyText.Str(bound[0]), PyText.Str(bound[1]), most)
            : new SafeString(SearchMethods.Replace(safe.Text, PyText.Str(bound[0]), SafeString.Escape(bound[1]).Text, most));
    }

    public static object? Center(object? value, Arguments arguments)
    {
        int width = arguments.Bind("center", 0, "width").Int(0, 80);
        return Map(value, text => PaddingMethods.Center(text, width));
    }

    public static object? Format(object? value, Arguments arguments)
    {
        if (arguments.Positional.Count > 0 && arguments.Keyword.Count > 0)
        {
            throw TemplateException.Runtime("can't handle positional and keyword arguments at the same time");
        }

        object right = arguments.Keyword.Count > 0 ? arguments.Keyword : new PyTuple(arguments.Positional);
        return Printf.Format(PyText.Str(value), right);
    }

    public static object? Indent(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("indent", 0, "width", "first", "blank");
        string pad = PyConvert.IsText(bound[0]) ? bound.Text(0) : new string(' ', Math.Clamp(bound.Int(0, 4), 0, 1 << 20));
        if (value is Undefined undefined)
        {
            throw undefined.Failure();
        }

        string[] lines = [.. SplitMethods.Lines(PyConvert.ToText(value) + "\n").Select(line => line.Text)];
        StringBuilder output = new(bound.Flag(1) ? pad : string.Empty);
        for (int i = 0; i < lines.Length; i++)
        {
            bool isIndented = i > 0 && (bound.Flag(2) || lines[i].Length > 0);
            Meter.Allocate((long)lines[i].Length + pad.Length + 1);
            output.Append(i > 0 ? "\n" : string.Empty).Append(isIndented ? pad : string.Empty).Append(lines[i]);
        }

        return value is SafeString ? new SafeString(output.ToString()) : output.ToString();
    }

    public static object? Truncate(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("truncate", 0, "length", "killwords", "end", "leeway");
        int length = bound.Int(0, 255);
        string end = bound.IsGiven(2) ? bound.Text(2) : "...";
        int leeway = bound[3] is null ? 5 : PyConvert.ToInt(bound[3]);
        int endLength = CodePoints.Length(end);
        if (length < endLength || leeway < 0)
        {
            throw TemplateException.Runtime($"expected length >= {endLength} and leeway >= 0, got {length} and {leeway}");
        }

        if (Iteration.KnownLength(value) <= (long)length + leeway)
        {
            return value;
        }

        int[] points = CodePoints.ToArray(PyConvert.ToText(value));
        string kept = CodePoints.ToText(points.AsSpan(0, length - endLength));
        int space = bound.Flag(1) ? -1 : kept.LastIndexOf(' ');
        return (space < 0 ? kept : kept[..space]) + end;
    }

    public static object? WordCount(object? value, Arguments arguments)
    {
        arguments.ExpectNone("wordcount");
        bool inWord = false;
        int count = 0;
        foreach (int point in CodePoints.ToArray(PyText.Str(value)))
        {
            bool isWord = CharacterClasses.IsWord(point);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return new BigInteger(count);
    }

    private static object Map(object? value, Arguments arguments, string name, Func<string, string> map)
    {
        arguments.ExpectNone(name);
        return Map(value, map);
    }

    private static object Map(object? value, Func<string, string> map) =>
        value is SafeString safe ? new SafeString(map(safe.Text)) : map(PyText.Str(value));

    private static string TitleWord(string word)
    {
        if (word.Length == 0)
        {
            return word;
        }

        int first = CodePoints.At(word, 0) > char.MaxValue ? 2 : 1;
        return CaseMapping.Upper(word[..first]) + CaseMapping.Lower(word[first..]);
    }
}
