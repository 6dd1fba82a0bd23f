using System.Globalization;
using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Formatting;

/// <summary><c>'{0} and {name:>4}'.format(a, name=b)</c>.</summary>
internal sealed class BraceFormat
{
    private const int MaxNesting = 2;

    private readonly Arguments _arguments;
    private readonly Func<object?, string, string> _formatField;
    private int _next;

    private BraceFormat(Arguments arguments, Func<object?, string, string> formatField)
    {
        _arguments = arguments;
        _formatField = formatField;
    }

    /// <param name="format">text with fields</param>
    /// <param name="arguments">what the fields name</param>
    /// <exception cref="TemplateException">a field is wrong, or its argument is missing</exception>
    public static string Format(string format, Arguments arguments) =>
        new BraceFormat(arguments, FormatSpec.Format).Expand(format, MaxNesting);

    /// <summary>As <see cref="Format"/>, every field escaped for HTML.</summary>
    public static string FormatEscaped(string format, Arguments arguments) =>
        new BraceFormat(arguments, (value, spec) => SafeString.Escape(value is SafeString ? value : FormatSpec.Format(value, spec)).Text)
            .Expand(format, MaxNesting);

    private string Expand(string format, int depth)
    {
        if (depth == 0)
        {
            throw TemplateException.Runtime("Max string recursion exceeded");
        }

        StringBuilder output = new();
        Meter.Allocate(format.Length);
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c is not ('{' or '}'))
            {
                output.Append(c);
            }
            else if (i + 1 < format.Length && format[i + 1] == c)
            {
                output.Append(c);
                i++;
            }
            else if (c == '}')
            {
                throw TemplateException.Runtime("Single '}' encountered in format string");
            }
            else
            {
                int end = EndOfField(format, i + 1);
                string text = Field(format[(i + 1)..end], depth);
                Meter.Allocate(text.Length);
                output.Append(text);
                i = end;
            }
        }

        return output.ToString();
    }

    private static int EndOfField(string format, int start)
    {
        int open = 1;
        for (int i = start; i < format.Length; i++)
        {
            open += format[i] == '{' ? 1 : format[i] == '}' ? -1 : 0;
            if (open == 0)
            {
                return i;
            }
        }

        throw TemplateException.Runtime("expected '}' before end of string");
    }

    private string Field(string field, int depth)
    {
        int split = field.AsSpan().IndexOfAny('!', ':');
        string name = split < 0 ? field : field[..split];
        string rest = split < 0 ? string.Empty : field[split..];
        object? value = Lookup(name);
        if (rest.StartsWith('!'))
        {
            if (rest.Length < 2 || (rest.Length > 2 && rest[2] != ':'))
            {
                throw TemplateException.Runtime("expected ':' after conversion specifier");
            }

            value = rest[1] switch
            {
                's' => PyText.Str(value),
                'r' or 'a' => PyText.Repr(value),
                _ => throw TemplateException.Runtime($"Unknown conversion specifier {rest[1]}"),
            };
            rest = rest[2..];
        }

        string specification = rest.StartsWith(':') ? Expand(rest[1..], depth - 1) : string.Empty;
        return _formatField(value, specification);
    }

    private object? Lookup(string name)
    {
        int split = name.AsSpan().IndexOfAny('.', '[');
        string first = split < 0 ? name : name[..split];
        object? value = First(first);
        int at = first.Length;
        while (at < name.Length)
        {
            if (name[at] == '.')
            {
                int end = name.AsSpan(at + 1).IndexOfAny('.', '[');
                end = end < 0 ? name.Length : at + 1 + end;
                value = Members.Attribute(value, name[(at + 1)..end]);
                at = end;
            }
            else if (name[at] == '[' && name.IndexOf(']', at) is var end and > 0)
            {
                value = Members.Item(value, Key(name[(at + 1)..end]));
                at = end + 1;
            }
            else
            {
                throw TemplateException.Runtime("Only '.' or '[' may follow ']' in format field specifier");
            }
        }

        return value;
    }

    private object? First(string name)
    {
        object key = name.Length == 0 ? new BigInteger(_next++) : Key(name);
        if (key is BigInteger index)
        {
            return index < _arguments.Positional.Count
                ? _arguments.Positional[(int)index]
                : throw TemplateException.Runtime($"Replacement index {index} out of range for positional args tuple");
        }

        return _arguments.Keyword.TryGet(key, out object? value) ? value : throw TemplateException.Runtime($"KeyError: '{name}'");
    }

    private static object Key(string text) =>
        text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit)
            ? BigInteger.Parse(text, CultureInfo.InvariantCulture)
            : text;
}
