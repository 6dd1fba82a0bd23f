using System.Numerics;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>The tests by name, those behind <c>is</c>.</summary>
internal static class TestTable
{
    private static readonly Dictionary<string, Func<object?, Arguments, bool>> All = new(StringComparer.Ordinal)
    {
        ["boolean"] = Simple("boolean", value => value is bool),
        ["callable"] = Simple("callable", value => value is Callable or Undefined),
        ["defined"] = Simple("defined", value => value is not Undefined),
        ["divisibleby"] = (value, arguments) => !PyTruth.Of(Arithmetic.Apply("%", value, arguments.Bind("divisibleby", 1, "num")[0])),
        ["escaped"] = Simple("escaped", value => value is SafeString),
        ["even"] = Simple("even", value => Remainder(value) == 0),
        ["false"] = Simple("false", value => value is false),
        ["filter"] = Simple("filter", value => IsName(value, FilterTable.Has)),
        ["float"] = Simple("float", value => value is double),
        ["in"] = (value, arguments) => Arithmetic.Contains(arguments.Bind("in", 1, "seq")[0], value),
        ["integer"] = Simple("integer", value => value is BigInteger),
        ["iterable"] = Simple("iterable", value => Iteration.IsPossible(value) || value is LoopContext),
        ["lower"] = Simple("lower", value => ClassMethods.IsOfCase(PyText.Str(value), CharacterClasses.IsLower)),
        ["mapping"] = Simple("mapping", value => value is PyDict),
        ["none"] = Simple("none", value => value is null),
        ["number"] = Simple("number", PyConvert.IsNumber),
        ["odd"] = Simple("odd", value => Remainder(value) == 1),
        ["sameas"] = (value, arguments) => IsSame(value, arguments.Bind("sameas", 1, "other")[0]),
        ["sequence"] = Simple("sequence", value => value is string or SafeString or PySequence or PyDict or PyRange or Undefined),
        ["string"] = Simple("string", PyConvert.IsText),
        ["test"] = Simple("test", value => IsName(value, Has)),
        ["true"] = Simple("true", value => value is true),
        ["undefined"] = Simple("undefined", value => value is Undefined),
        ["upper"] = Simple("upper", value => ClassMethods.IsOfCase(PyText.Str(value), CharacterClasses.IsUpper)),
        ["=="] = Comparison("=="),
        ["eq"] = Comparison("=="),
        ["equalto"] = Comparison("=="),
        ["!="] = Comparison("!="),
        ["ne"] = Comparison("!="),
        [">"] = Comparison(">"),
        ["gt"] = Comparison(">"),
        ["greaterthan"] = Comparison(">"),
        [">="] = Comparison(">="),
        ["ge"] = Comparison(">="),
        ["<"] = Comparison("<"),
        ["lt"] = Comparison("<"),
        ["lessthan"] = Comparison("<"),
        ["<="] = Comparison("<="),
        ["le"] = Comparison("<="),
    };

    public static bool Has(string name) => All.ContainsKey(name);

    /// <exception cref="TemplateException">there is no such test, or it fails</exception>
    public static bool Apply(string name, object? value, Arguments arguments)
    {
        Meter.Step();
        return All.TryGetValue(name, out Func<object?, Arguments, bool>? test)
            ? test(value, arguments)
            : throw TemplateException.Runtime($"No test named '{name}' found.");
    }

    /// <summary>One comparison, as operators and tests do it.</summary>
    public static bool Compare(string sign, object? left, object? right) => sign switch
    {
        "==" => PyComparison.AreEqual(left, right),
        "!=" => !PyComparison.AreEqual(left, right),
        "<" => PyComparison.Compare(left, right, sign) < 0,
        "<=" => PyComparison.Compare(left, right, sign) <= 0,
        ">" => PyComparison.Compare(left, right, sign) > 0,
        _ => PyComparison.Compare(left, right, sign) >= 0,
    };

    private static Func<object?, Arguments, bool> Simple(string name, Func<object?, bool> test) => (value, arguments) =>
    {
        arguments.ExpectNone(name);
        return test(value);
    };

    private static Func<object?, Arguments, bool> Comparison(string sign) =>
        (value, arguments) => Compare(sign, value, arguments.Bind(sign, 1, "other")[0]);

    private static bool IsName(object? value, Func<string, bool> isKnown)
    {
        // What cannot be a key is an error, not an unknown name.
        PyHash.Of(value);
        return PyConvert.IsText(value) && isKnown(PyConvert.ToText(value));
    }

    private static double Remainder(object? value) => PyConvert.IsText(value)
        ? throw TemplateException.Runtime("not all arguments converted during string formatting")
        : PyConvert.ToDouble(Arithmetic.Apply("%", value, new BigInteger(2)));

    private static bool IsSame(object? left, object? right) => (left, right) switch
    {
        (bool first, bool second) => first == second,
        (BigInteger first, BigInteger second) => first == second && first >= -5 && first <= 256,
        (string first, string second) => first == second,
        (double, double) => false,
        _ => ReferenceEquals(left, right),
    };
}
