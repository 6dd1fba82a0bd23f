using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Formatting;

/// <summary>What stands behind the colon of a <c>format</c> field: fill, alignment, sign, width, precision, type.</summary>
internal sealed partial record FormatSpec
{
    public string Fill { get; private init; } = " ";

    /// <summary>&lt;, &gt;, = or ^; null when it follows from the type.</summary>
    public char? Align { get; private init; }

    public char Sign { get; private init; } = '-';

    public Alternate Alternate { get; private init; }

    public int Width { get; private init; }

    public char? Grouping { get; private init; }

    public int? Precision { get; private init; }

    public char? Type { get; private init; }

    /// <summary>A value in the format of a specification.</summary>
    /// <exception cref="TemplateException">the specification is wrong or does not suit the value</exception>
    public static string Format(object? value, string specification)
    {
        if (specification.Length == 0)
        {
            return PyText.Str(value);
        }

        if (value is not (string or SafeString or bool or BigInteger or double))
        {
            throw TemplateException.Runtime($"unsupported format string passed to {PyType.Name(value)}.__format__");
        }

        FormatSpec spec = Parse(specification);
        return value switch
        {
            double number => spec.FormatFloat(number),
            bool or BigInteger => spec.FormatInteger(PyConvert.ToInteger(value)),
            _ => spec.FormatText(PyConvert.ToText(value)),
        };
    }

    private static FormatSpec Parse(string text)
    {
        Match match = Pattern().Match(text);
        if (!match.Success)
        {
            throw TemplateException.Runtime($"Invalid format specifier '{text}'");
        }

        bool zero = match.Groups["zero"].Success;
        string align = match.Groups["align"].Value;
        string fill = match.Groups["fill"].Value;
        return new FormatSpec
        {
            Fill = fill.Length > 0 ? fill : zero ? "0" : " ",
            Align = align.Length > 0 ? align[0] : zero ? '=' : null,
            Sign = match.Groups["sign"].Success ? match.Groups["sign"].Value[0] : '-',
            Alternate = match.Groups["alternate"].Success ? Alternate.Yes : Alternate.No,
            Width = Number(match.Groups["width"]) ?? 0,
            Grouping = match.Groups["grouping"].Success ? match.Groups["grouping"].Value[0] : null,
            Precision = Number(match.Groups["precision"]),
            Type = match.Groups["type"].Success ? match.Groups["type"].Value[0] : null,
        };
    }

    private static int? Number(Group group)
    {
        if (!group.Success)
        {
            return null;
        }

        return int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw TemplateException.Runtime("Too many decimal digits in format string");
    }

    private string FormatText(string text)
    {
        if (Type is not (null or 's') || Align == '=' || Sign != '-' || Grouping is not null)
        {
            throw TemplateException.Runtime($"Unknown format code '{Type}' for object of type 'str'");
        }

        string kept = Precision is { } most ? text[..CodePoints.IndexOf(text, most)] : text;
        return Pad(string.Empty, kept, '<');
    }

    private string FormatInteger(BigInteger number)
    {
        if (Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
        {
            return FormatFloat(PyConvert.ToDouble(number));
        }

        if (Precision is not null)
        {
            throw TemplateException.Runtime("Precision not allowed in integer format specifier");
        }

        if (Type == 'c')
        {
            return number >= 0 && number <= 0x10FFFF
                ? Pad(string.Empty, CodePoints.ToText([(int)number]), '<')
                : throw TemplateException.Runtime("%c arg not in range(0x110000)");
        }

        (int numberBase, string prefix) = Type switch
        {
            null or 'd' or 'n' => (10, string.Empty),
            'b' => (2, "0b"),
            'o' => (8, "0o"),
            'x' or 'X' => (16, "0" + Type),
            _ => throw TemplateException.Runtime($"Unknown format code '{Type}' for object of type 'int'"),
        };
        string digits = NumberText.Digits(BigInteger.Abs(number), numberBase);
        digits = Type == 'X' ? digits.ToUpperInvariant() : digits;
        digits = Grouping is { } separator ? NumberText.Group(digits, separator, numberBase == 10 ? 3 : 4) : digits;
        return Pad(SignOf(number.Sign < 0) + (Alternate == Alternate.Yes ? prefix : string.Empty), digits, '>');
    }

    private string FormatFloat(double number)
    {
        double size = Math.Abs(number);
        string digits = Type switch
        {
            null when Precision is null => PyFloat.Repr(size),
            null => WithPoint(NumberText.Float(size, 'g', Precision.Value, Alternate)),
            'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%' => NumberText.Float(size, Type.Value, Precision ?? 6, Alternate),
            'n' => NumberText.Float(size, 'g', Precision ?? 6, Alternate),
            _ => throw TemplateException.Runtime($"Unknown format code '{Type}' for object of type 'float'"),
        };
        digits = Grouping is { } separator ? NumberText.Group(digits, separator, 3) : digits;
        return Pad(SignOf(double.IsNegative(number)), digits, '>');
    }

    private static string WithPoint(string digits) => digits.AsSpan().IndexOfAny(".en") < 0 ? digits + ".0" : digits;

    private string SignOf(bool isNegative) => isNegative ? "-" : Sign == '-' ? string.Empty : Sign.ToString();

    private string Pad(string sign, string text, char usual)
    {
        int missing = Width - CodePoints.Length(sign) - CodePoints.Length(text);
        if (missing <= 0)
        {
            return sign + text;
        }

        Meter.Allocate(missing);
        int before = (Align ?? usual) switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        string left = string.Concat(Enumerable.Repeat(Fill, before));
        string right = string.Concat(Enumerable.Repeat(Fill, missing - before));
        return Align == '=' ? sign + left + text : left + sign + text + right;
    }

    [GeneratedRegex(
        @"^(?:(?<fill>[\ud800-\udbff][\udc00-\udfff]|[\s\S])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>[0-9]{1,9})?(?<grouping>[,_])?(?:\.(?<precision>[0-9]{1,9}))?(?<type>[a-zA-Z%])?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
