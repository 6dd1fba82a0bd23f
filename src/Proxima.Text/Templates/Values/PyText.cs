using System.Globalization;
using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Values as text: Python's <c>str</c> and <c>repr</c>.</summary>
internal static class PyText
{
    // As Python: turning longer integers into text takes time quadratic in their length.
    private const int MaxDigits = 4300;

    public static string Str(object? value) => value switch
    {
        string text => text,
        SafeString safe => safe.Text,
        Undefined => string.Empty,
        _ => Repr(value),
    };

    public static string Repr(object? value)
    {
        StringBuilder output = new();
        Write(value, output);
        return output.ToString();
    }

    public static string OfInteger(BigInteger value)
    {
        // 3.33 bits a digit.
        long digits = (long)(value.GetBitLength() / 3.33);
        if (digits > MaxDigits)
        {
            throw TemplateException.Runtime($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
        }

        Meter.Step(digits);
        return value.ToString(CultureInfo.InvariantCulture);
    }

    private static void Write(object? value, StringBuilder output)
    {
        Meter.EnsureStack();
        int before = output.Length;
        switch (value)
        {
            case PyList list:
                WriteItems(list.Items, '[', ']', output);
                break;
            case PyTuple { Items.Count: 1 } single:
                output.Append('(');
                Write(single.Items[0], output);
                output.Append(",)");
                break;
            case PyTuple tuple:
                WriteItems(tuple.Items, '(', ')', output);
                break;
            case PyDict dict:
                WriteDict(dict, output);
                break;
            case DictView view:
                output.Append(PyType.Name(view)).Append('(');
                WriteItems(view.Items, '[', ']', output);
                output.Append(')');
                break;
            case Namespace space:
                output.Append("<Namespace ");
                WriteDict(space.Attributes, output);
                output.Append('>');
                break;
            default:
                string text = Scalar(value);
                Meter.Allocate(text.Length);
                output.Append(text);
                return;
        }

        Meter.Step(output.Length - before >> 6);
    }

    private static void WriteItems(IEnumerable<object?> items, char open, char close, StringBuilder output)
    {
        output.Append(open);
        string separator = string.Empty;
        foreach (object? item in items)
        {
            output.Append(separator);
            Write(item, output);
            separator = ", ";
        }

        output.Append(close);
    }

    private static void WriteDict(PyDict dict, StringBuilder output)
    {
        output.Append('{');
        string separator = string.Empty;
        foreach ((object? key, object? value) in dict.Entries)
        {
            output.Append(separator);
            Write(key, output);
            output.Append(": ");
            Write(value, output);
            separator = ", ";
        }

        output.Append('}');
    }

    private static string Scalar(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        BigInteger number => OfInteger(number),
        double number => PyFloat.Repr(number),
        string text => Quote(text),
        SafeString safe => $"Markup({Quote(safe.Text)})",
        Undefined => "Undefined",
        PyRange { Step.IsOne: true } range => $"range({range.Start}, {range.Stop})",
        PyRange range => $"range({range.Start}, {range.Stop}, {range.Step})",
        LoopContext loop => $"<LoopContext {loop.Index}/{loop.Length}>",
        Macro macro => $"<Macro {(macro.Name is null ? "anonymous" : Quote(macro.Name))}>",
        Function function => $"<function {function.Name}>",
        _ => $"<{PyType.Name(value)} object>",
    };

    private static string Quote(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        StringBuilder output = new(text.Length + 2);
        output.Append(quote);
        for (int i = 0; i < text.Length; i++)
        {
            int point = CodePoints.At(text, i);
            string? escape = Escape(point, quote);
            if (escape is not null)
            {
                output.Append(escape);
            }
            else
            {
                output.Append(text, i, point > char.MaxValue ? 2 : 1);
            }

            i += point > char.MaxValue ? 1 : 0;
        }

        return output.Append(quote).ToString();
    }

    private static string? Escape(int point, char quote) => point switch
    {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when point == quote => "\\" + quote,
        _ when CharacterClasses.IsPrintable(point) => null,
        <= 0xFF => $"\\x{point:x2}",
        <= 0xFFFF => $"\\u{point:x4}",
        _ => $"\\U{point:x8}",
    };
}
