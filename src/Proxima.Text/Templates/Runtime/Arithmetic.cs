using System.Numerics;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Operators on numbers, texts and lists as Python defines them.</summary>
internal static class Arithmetic
{
    // Longer integers than this are of no use to a chat, and their products take long.
    private const long MaxBits = 200_000;

    public static object Apply(string sign, object? left, object? right)
    {
        if (sign == "%" && PyConvert.IsText(left))
        {
            return Printf(left, right);
        }

        ThrowIfUndefined(left, right);
        if (PyConvert.IsNumber(left) && PyConvert.IsNumber(right))
        {
            return left is double || right is double || sign == "/"
                ? OnFloats(sign, PyConvert.ToDouble(left), PyConvert.ToDouble(right))
                : OnIntegers(sign, PyConvert.ToInteger(left), PyConvert.ToInteger(right));
        }

        object? result = sign switch
        {
            "+" => Join(left, right),
            "*" => Repeat(left, right) ?? Repeat(right, left),
            _ => null,
        };
        return result ?? throw Unsupported(sign, left, right);
    }

    public static object Negate(object? value) => value switch
    {
        double number => -number,
        BigInteger or bool => -PyConvert.ToInteger(value),
        Undefined undefined => throw undefined.Failure(),
        _ => throw TemplateException.Runtime($"bad operand type for unary -: '{PyType.Name(value)}'"),
    };

    public static object Plus(object? value) => value switch
    {
        double number => number,
        BigInteger or bool => PyConvert.ToInteger(value),
        Undefined undefined => throw undefined.Failure(),
        _ => throw TemplateException.Runtime($"bad operand type for unary +: '{PyType.Name(value)}'"),
    };

    /// <summary>Whether a value is in a container.</summary>
    /// <exception cref="TemplateException">the container has no members</exception>
    public static bool Contains(object? container, object? value)
    {
        switch (container)
        {
            case string or SafeString:
                if (!PyConvert.IsText(value))
                {
                    throw TemplateException.Runtime($"'in <string>' requires string as left operand, not {PyType.Name(value)}");
                }

                (string text, string sought) = (PyConvert.ToText(container), PyConvert.ToText(value));
                Meter.Search(text.Length, sought.Length);
                return text.Contains(sought, StringComparison.Ordinal);
            case PyDict dict:
                return dict.TryGet(value, out _);
            default:
                return Iteration.IsPossible(container)
                    ? Iteration.Over(container).Any(item => PyComparison.AreEqual(item, value))
                    : throw TemplateException.Runtime($"argument of type '{PyType.Name(container)}' is not iterable");
        }
    }

    private static object Printf(object? left, object? right)
    {
        bool isSafe = left is SafeString;
        object? arguments = !isSafe ? right : right switch
        {
            PyTuple tuple => new PyTuple([.. tuple.Items.Select(EscapeText)]),
            PyDict => right,
            _ => EscapeText(right),
        };
        string text = Formatting.Printf.Format(PyConvert.ToText(left), arguments);
        return isSafe ? new SafeString(text) : text;
    }

    private static object? EscapeText(object? value) => PyConvert.IsNumber(value) ? value : SafeString.Escape(value).Text;

    private static object? Join(object? left, object? right)
    {
        switch (left, right)
        {
            case (SafeString, string or SafeString):
            case (string, SafeString):
                string joined = SafeString.Escape(left).Text + SafeString.Escape(right).Text;
                Meter.Allocate(joined.Length);
                return new SafeString(joined);
            case (string first, string second):
                Meter.Allocate((long)first.Length + second.Length);
                return first + second;
            case (PyList first, PyList second):
                return new PyList(Join(first.Items, second.Items));
            case (PyTuple first, PyTuple second):
                return new PyTuple(Join(first.Items, second.Items));
            case (string or SafeString, _):
                throw TemplateException.Runtime($"can only concatenate str (not \"{PyType.Name(right)}\") to str");
            default:
                return null;
        }
    }

    private static object?[] Join(IReadOnlyList<object?> first, IReadOnlyList<object?> second)
    {
        Meter.AllocateItems((long)first.Count + second.Count);
        return [.. first, .. second];
    }

    private static object? Repeat(object? value, object? times)
    {
        if (times is not (BigInteger or bool))
        {
            return null;
        }

        int count = Math.Max(0, PyConvert.ToInt(times));
        switch (value)
        {
            case string text:
                return RepeatText(text, count);
            case SafeString safe:
                return new SafeString(RepeatText(safe.Text, count));
            case PyList list:
                return new PyList(RepeatItems(list.Items, count));
            case PyTuple tuple:
                return new PyTuple(RepeatItems(tuple.Items, count));
            default:
                return null;
        }
    }

    private static string RepeatText(string text, int count)
    {
        Meter.Allocate((long)text.Length * count);
        return string.Concat(Enumerable.Repeat(text, text.Length == 0 ? 0 : count));
    }

    private static object?[] RepeatItems(IReadOnlyList<object?> items, int count)
    {
        Meter.AllocateItems((long)items.Count * count);
        return [.. Enumerable.Repeat(items, items.Count == 0 ? 0 : count).SelectMany(all => all)];
    }

    private static object OnIntegers(string sign, BigInteger left, BigInteger right)
    {
        switch (sign)
        {
            case "+":
                return Bounded(left + right);
            case "-":
                return Bounded(left - right);
            case "*":
                Meter.Step((left.GetBitLength() >> 6) * (right.GetBitLength() >> 6));
                return Bounded(left * right);
            case "**":
                return Power(left, right);
            default:
                if (right.IsZero)
                {
                    throw TemplateException.Runtime("integer division or modulo by zero");
                }

                Meter.Step((left.GetBitLength() >> 6) * (right.GetBitLength() >> 6));
                BigInteger quotient = BigInteger.DivRem(left, right, out BigInteger remainder);
                bool roundDown = !remainder.IsZero && remainder.Sign != right.Sign;
                return sign == "//"
                    ? (roundDown ? quotient - 1 : quotient)
                    : (roundDown ? remainder + right : remainder);
        }
    }

    private static object Power(BigInteger left, BigInteger right)
    {
        if (right.Sign < 0)
        {
            return left.IsZero
                ? throw TemplateException.Runtime("0.0 cannot be raised to a negative power")
                : OnFloats("**", PyConvert.ToDouble(left), PyConvert.ToDouble(right));
        }

        if (left.IsZero || left.IsOne)
        {
            return right.IsZero ? BigInteger.One : left;
        }

        if (right * (long)BigInteger.Abs(left).GetBitLength() > MaxBits)
        {
            throw TooLong();
        }

        BigInteger result = BigInteger.Pow(left, (int)right);
        Meter.Step((long)(result.GetBitLength() * result.GetBitLength()) >> 12);
        return result;
    }

    private static BigInteger Bounded(BigInteger value) => (long)value.GetBitLength() > MaxBits ? throw TooLong() : value;

    private static TemplateException TooLong() =>
        new(TemplateErrorKind.Budget, $"an integer of the template is longer than {MaxBits} bits. Expected numbers that a chat needs; check the template.");

    private static double OnFloats(string sign, double left, double right)
    {
        if (right == 0 && sign is "/" or "//" or "%")
        {
            throw TemplateException.Runtime("division by zero");
        }

        switch (sign)
        {
            case "+":
                return left + right;
            case "-":
                return left - right;
            case "*":
                return left * right;
            case "/":
                return left / right;
            case "**":
                return Power(left, right);
            default:
                double remainder = left % right;
                remainder = remainder != 0 && (right < 0) != (remainder < 0) ? remainder + right : remainder;
                remainder = remainder == 0 ? Math.CopySign(0, right) : remainder;
                return sign == "%" ? remainder : FloorQuotient(left, right, remainder);
        }
    }

    private static double FloorQuotient(double left, double right, double remainder)
    {
        double quotient = (left - remainder) / right;
        if (quotient == 0)
        {
            return Math.CopySign(0, left / right);
        }

        double floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Power(double left, double right)
    {
        if (left == 0 && right < 0)
        {
            throw TemplateException.Runtime("0.0 cannot be raised to a negative power");
        }

        if (left < 0 && double.IsFinite(left) && double.IsFinite(right) && Math.Floor(right) != right)
        {
            throw TemplateException.Runtime("complex numbers are not to be had in a template");
        }

        double result = Math.Pow(left, right);
        return double.IsInfinity(result) && double.IsFinite(left) && double.IsFinite(right)
            ? throw TemplateException.Runtime("(34, 'Numerical result out of range')")
            : result;
    }

    private static void ThrowIfUndefined(object? left, object? right)
    {
        if ((left as Undefined ?? right as Undefined) is { } undefined)
        {
            throw undefined.Failure();
        }
    }

    private static TemplateException Unsupported(string sign, object? left, object? right) => TemplateException.Runtime(
        $"unsupported operand type(s) for {(sign == "**" ? "** or pow()" : sign)}: '{PyType.Name(left)}' and '{PyType.Name(right)}'");
}
