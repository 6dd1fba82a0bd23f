using System.Globalization;
using System.Numerics;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Filters that give numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static object? Absolute(object? value, Arguments arguments)
    {
        arguments.ExpectNone("abs");
        return value switch
        {
            double number => Math.Abs(number),
            BigInteger or bool => BigInteger.Abs(PyConvert.ToInteger(value)),
            _ => throw TemplateException.Runtime($"bad operand type for abs(): '{PyType.Name(value)}'"),
        };
    }

    public static object? Int(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("int", 0, "default", "base");
        object? otherwise = bound.Or(0, BigInteger.Zero);
        switch (value)
        {
            case string or SafeString:
                string text = PyConvert.ToText(value);
                return IntegerText.Parse(text, bound.Int(1, 10)) is { } whole ? whole
                    : FloatText.Parse(text) is { } real && double.IsFinite(real) ? new BigInteger(real)
                    : otherwise;
            case double number:
                return double.IsFinite(number) ? new BigInteger(number)
                    : double.IsNaN(number) ? otherwise
                    : throw TemplateException.Runtime("cannot convert float infinity to integer");
            case BigInteger or bool:
                return PyConvert.ToInteger(value);
            case Undefined undefined:
                throw undefined.Failure();
            default:
                return otherwise;
        }
    }

    public static object? Float(object? value, Arguments arguments)
    {
        object? otherwise = arguments.Bind("float", 0, "default").Or(0, 0.0);
        return value switch
        {
            double => value,
            BigInteger or bool => PyConvert.ToDouble(value),
            string or SafeString => FloatText.Parse(PyConvert.ToText(value)) is { } number ? number : otherwise,
            Undefined undefined => throw undefined.Failure(),
            _ => otherwise,
        };
    }

    public static object? Round(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("round", 0, "precision", "method");
        string method = bound.IsGiven(1) ? bound.Text(1) : "common";
        int precision = bound.Int(0, 0);
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw TemplateException.Runtime("method must be common, ceil or floor");
        }

        if (!PyConvert.IsNumber(value))
        {
            throw value is Undefined undefined && method != "common" ? undefined.Failure() : TemplateException.Runtime($"type {PyType.Name(value)} doesn't define __round__ method");
        }

        if (method == "common")
        {
            return value is double number ? PyFloat.Round(number, precision) : RoundInteger(PyConvert.ToInteger(value), precision);
        }

        object scale = Arithmetic.Apply("**", new BigInteger(10), new BigInteger(precision));
        double scaled = PyConvert.ToDouble(Arithmetic.Apply("*", value, scale));
        BigInteger rounded = double.IsFinite(scaled)
            ? new BigInteger(method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled))
            : throw TemplateException.Runtime("cannot convert float infinity to integer");
        return Arithmetic.Apply("/", rounded, scale);
    }

    public static object? Sum(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("sum", 0, "attribute", "start");
        AttributePath path = new(bound[0]);
        object? sum = bound.Or(1, BigInteger.Zero);
        if (PyConvert.IsText(sum))
        {
            throw TemplateException.Runtime("sum() can't sum strings [use ''.join(seq) instead]");
        }

        foreach (object? item in Iteration.Over(value))
        {
            sum = Arithmetic.Apply("+", sum, path.Of(item));
        }

        return sum;
    }

    public static object? FileSize(object? value, Arguments arguments)
    {
        bool isBinary = arguments.Bind("filesizeformat", 0, "binary").Flag(0);
        double bytes = PyConvert.IsText(value)
            ? FloatText.Parse(PyConvert.ToText(value)) ?? throw TemplateException.Runtime("could not convert string to float")
            : value is Undefined undefined ? throw undefined.Failure()
            : PyConvert.ToDouble(value);
        double unit = isBinary ? 1024 : 1000;
        if (bytes == 1)
        {
            return "1 Byte";
        }

        if (bytes < unit)
        {
            return $"{new BigInteger(bytes)} Bytes";
        }

        string[] units = isBinary ? BinaryUnits : DecimalUnits;
        int power = 0;
        while (power < units.Length - 1 && bytes >= Math.Pow(unit, power + 2))
        {
            power++;
        }

        double shown = unit * bytes / Math.Pow(unit, power + 2);
        return PyFloat.Round(shown, 1).ToString("F1", CultureInfo.InvariantCulture) + " " + units[power];
    }

    private static BigInteger RoundInteger(BigInteger value, int precision)
    {
        if (precision >= 0)
        {
            return value;
        }

        if (precision < -5000)
        {
            return BigInteger.Zero;
        }

        BigInteger scale = BigInteger.Pow(10, -precision);
        return PyFloat.DivideHalfEven(value, scale) * scale;
    }
}
