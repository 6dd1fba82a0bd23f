using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Formatting;

/// <summary><c>'%s: %d' % (a, b)</c>.</summary>
internal sealed partial class Printf
{
    private readonly PyDict? _mapping;
    private readonly IReadOnlyList<object?> _arguments;
    private int _used;

    private Printf(object? right)
    {
        _mapping = right as PyDict;
        _arguments = right is PyTuple tuple ? tuple.Items : [right];
    }

    /// <param name="format">text with directives</param>
    /// <param name="right">a tuple of arguments, a dictionary for directives with names, or one argument</param>
    /// <exception cref="TemplateException">a directive is wrong, or arguments are missing, too many or of a wrong type</exception>
    public static string Format(string format, object? right)
    {
        Printf printf = new(right);
        StringBuilder output = new();
        int at = 0;
        for (int next = format.IndexOf('%', StringComparison.Ordinal); next >= 0; next = format.IndexOf('%', at))
        {
            output.Append(format, at, next - at);
            Match match = Directive().Match(format, next);
            if (!match.Success)
            {
                throw TemplateException.Runtime("incomplete or unsupported format in a % string");
            }

            string text = match.Groups["type"].Value == "%" ? "%" : printf.Apply(match);
            Meter.Allocate(text.Length);
            output.Append(text);
            at = match.Index + match.Length;
        }

        output.Append(format, at, format.Length - at);
        Meter.Allocate(format.Length);
        return right is PyDict or PyList or PyRange or Undefined || printf._used >= printf._arguments.Count
            ? output.ToString()
            : throw TemplateException.Runtime("not all arguments converted during string formatting");
    }

    private string Apply(Match match)
    {
        int width = Number(match.Groups["width"]) ?? 0;
        string flags = match.Groups["flags"].Value + (width < 0 ? "-" : string.Empty);
        int? precision = match.Groups["point"].Success ? Math.Max(0, Number(match.Groups["precision"]) ?? 0) : null;
        object? value = match.Groups["key"].Success ? Named(match.Groups["key"].Value) : Next();
        char type = match.Groups["type"].Value[0];
        (string sign, string text) = Convert(value, type, precision, flags);
        int missing = Math.Abs(width) - sign.Length - CodePoints.Length(text);
        if (missing <= 0)
        {
            return sign + text;
        }

        Meter.Allocate(missing);
        bool isNumber = type is not ('s' or 'r' or 'a' or 'c');
        return flags.Contains('-', StringComparison.Ordinal) ? sign + text + new string(' ', missing)
            : isNumber && flags.Contains('0', StringComparison.Ordinal) ? sign + new string('0', missing) + text
            : new string(' ', missing) + sign + text;
    }

    private static (string Sign, string Text) Convert(object? value, char type, int? precision, string flags)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                string text = type == 's' ? PyText.Str(value) : PyText.Repr(value);
                return (string.Empty, precision is { } most ? text[..CodePoints.IndexOf(text, most)] : text);
            case 'c':
                return (string.Empty, Character(value));
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o':
                return Integer(value, type, precision, flags);
            default:
                if (!PyConvert.IsNumber(value))
                {
                    throw value is Undefined undefined ? undefined.Failure() : TemplateException.Runtime($"must be real number, not {PyType.Name(value)}");
                }

                double number = PyConvert.ToDouble(value);
                Alternate alternate = flags.Contains('#', StringComparison.Ordinal) ? Alternate.Yes : Alternate.No;
                return (SignOf(double.IsNegative(number), flags), NumberText.Float(Math.Abs(number), type, precision ?? 6, alternate));
        }
    }

    private static (string Sign, string Text) Integer(object? value, char type, int? precision, string flags)
    {
        BigInteger number = value switch
        {
            BigInteger or bool => PyConvert.ToInteger(value),
            double real when type is 'd' or 'i' or 'u' && double.IsFinite(real) => new BigInteger(real),
            Undefined undefined => throw undefined.Failure(),
            _ => throw TemplateException.Runtime($"%{type} format: a real number is required, not {PyType.Name(value)}"),
        };
        (int numberBase, string prefix) = type switch
        {
            'x' or 'X' => (16, "0" + type),
            'o' => (8, "0o"),
            _ => (10, string.Empty),
        };
        string digits = NumberText.Digits(BigInteger.Abs(number), numberBase);
        digits = type == 'X' ? digits.ToUpperInvariant() : digits;
        Meter.Allocate(precision ?? 0);
        digits = digits.PadLeft(precision ?? 0, '0');
        return (SignOf(number.Sign < 0, flags) + (flags.Contains('#', StringComparison.Ordinal) ? prefix : string.Empty), digits);
    }

    private static string Character(object? value) => value switch
    {
        BigInteger number when number >= 0 && number <= 0x10FFFF => CodePoints.ToText([(int)number]),
        string text when CodePoints.Length(text) == 1 => text,
        _ => throw TemplateException.Runtime("%c requires int or char"),
    };

    private static string SignOf(bool isNegative, string flags) =>
        isNegative ? "-"
        : flags.Contains('+', StringComparison.Ordinal) ? "+"
        : flags.Contains(' ', StringComparison.Ordinal) ? " " : string.Empty;

    private int? Number(Group group)
    {
        if (!group.Success)
        {
            return null;
        }

        return group.Value == "*"
            ? PyConvert.ToInt(Next())
            : int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private object? Named(string key)
    {
        if (_mapping is null)
        {
            throw TemplateException.Runtime("format requires a mapping");
        }

        return _mapping.TryGet(key, out object? value) ? value : throw TemplateException.Runtime($"KeyError: '{key}'");
    }

    private object? Next() => _used < _arguments.Count
        ? _arguments[_used++]
        : throw TemplateException.Runtime("not enough arguments for format string");

    [GeneratedRegex(
        @"\G%(?:\((?<key>[^()]*)\))?(?<flags>[-+ #0]*)(?<width>\*|[0-9]{1,9})?(?<point>\.(?<precision>\*|[0-9]{1,9})?)?[hlL]?(?<type>[sracdiuoxXeEfFgG%])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Directive();
}
