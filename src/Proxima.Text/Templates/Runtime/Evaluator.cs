using Proxima.Text.Templates.Filters;
using Proxima.Text.Templates.Syntax;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Runs statements and computes expressions.</summary>
internal sealed partial class Evaluator
{
    private readonly RenderState _state;
    private readonly Scope _root;
    private readonly Output _output = new();
    private readonly List<(GenerationSpan Span, string Text)> _spans = [];

    /// <param name="state">clock and switches</param>
    /// <param name="root">variables of the rendering and what every template knows</param>
    public Evaluator(RenderState state, Scope root)
    {
        _state = state;
        _root = root;
    }

    /// <exception cref="TemplateException">the template fails, refuses its input or takes too much</exception>
    public RenderedChat Render(IReadOnlyList<Statement> statements)
    {
        Run(statements, _root, _output);
        string text = _output.ToString();
        return new RenderedChat
        {
            Text = text,
            GenerationSpans = [.. _spans.Select(entry => entry.Span)],
            SpansAreExact = _spans.TrueForAll(entry => Covers(text, entry.Span, entry.Text)),
        };
    }

    private static bool Covers(string text, GenerationSpan span, string written)
    {
        int start = CodePoints.IndexOf(text, span.Start);
        return string.CompareOrdinal(text, start, written, 0, written.Length) == 0 && start + written.Length <= text.Length;
    }

    private object? Evaluate(Expression expression, Scope scope)
    {
        Meter.EnsureStack();
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            case NameExpression name:
                return scope.Get(name.Name);
            case AttributeExpression attribute:
                return Members.Attribute(Evaluate(attribute.Owner, scope), attribute.Name);
            case ItemExpression { Key: SliceExpression slice } item:
                return EvaluateSlice(Evaluate(item.Owner, scope), slice, scope);
            case ItemExpression item:
                return Members.Item(Evaluate(item.Owner, scope), Evaluate(item.Key, scope));
            case CallExpression call:
                return Call(Evaluate(call.Target, scope), EvaluateArguments(call.Arguments, scope));
            case FilterExpression filter:
                // The parser lets only the head of a filter block stand without input, which is given one there.
                return ApplyFilter(filter, Evaluate(filter.Input!, scope), scope);
            case TestExpression test:
                object? tested = Evaluate(test.Input, scope);
                return TestTable.Apply(test.Name, tested, EvaluateArguments(test.Arguments, scope));
            case TupleExpression tuple:
                return new PyTuple(EvaluateItems(tuple.Items, scope));
            case ListExpression list:
                return new PyList(EvaluateItems(list.Items, scope));
            case DictExpression dict:
                return EvaluateDict(dict, scope);
            default:
                return EvaluateOperator(expression, scope);
        }
    }

    private object? EvaluateOperator(Expression expression, Scope scope)
    {
        switch (expression)
        {
            case NotExpression not:
                return !PyTruth.Of(Evaluate(not.Operand, scope));
            case SignExpression sign:
                object? operand = Evaluate(sign.Operand, scope);
                return sign.Sign == "-" ? Arithmetic.Negate(operand) : Arithmetic.Plus(operand);
            case ArithmeticExpression arithmetic:
                return Arithmetic.Apply(arithmetic.Sign, Evaluate(arithmetic.Left, scope), Evaluate(arithmetic.Right, scope));
            case LogicalExpression logical:
                object? left = Evaluate(logical.Left, scope);
                return PyTruth.Of(left) == (logical.Sign == "and") ? Evaluate(logical.Right, scope) : left;
            case CompareExpression compare:
                return EvaluateComparison(compare, scope);
            case ConcatExpression concat:
                return EvaluateConcat(concat, scope);
            case ConditionalExpression conditional:
                return EvaluateConditional(conditional, scope);
            default:
                throw TemplateException.Runtime("a slice stands where slices have no meaning");
        }
    }

    private object? EvaluateConditional(ConditionalExpression conditional, Scope scope)
    {
        if (PyTruth.Of(Evaluate(conditional.Test, scope)))
        {
            return Evaluate(conditional.Then, scope);
        }

        return conditional.Otherwise is null
            ? Undefined.Because("the inline if-expression evaluated to false and no else section was defined.")
            : Evaluate(conditional.Otherwise, scope);
    }

    private object EvaluateSlice(object? owner, SliceExpression slice, Scope scope) => Slicing.Of(
        owner,
        slice.Start is null ? null : Evaluate(slice.Start, scope),
        slice.Stop is null ? null : Evaluate(slice.Stop, scope),
        slice.Step is null ? null : Evaluate(slice.Step, scope));

    private bool EvaluateComparison(CompareExpression compare, Scope scope)
    {
        object? left = Evaluate(compare.First, scope);
        foreach ((string sign, Expression expression) in compare.Rest)
        {
            object? right = Evaluate(expression, scope);
            bool holds = sign switch
            {
                "in" => Arithmetic.Contains(right, left),
                "not in" => !Arithmetic.Contains(right, left),
                _ => TestTable.Compare(sign, left, right),
            };
            if (!holds)
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private object EvaluateConcat(ConcatExpression concat, Scope scope)
    {
        object?[] items = EvaluateItems(concat.Items, scope);
        bool escapes = _state.AutoEscape && Array.Exists(items, item => item is SafeString);
        string[] texts = [.. items.Select(item => escapes ? SafeString.Escape(item).Text : PyText.Str(item))];
        Meter.Allocate(texts.Sum(text => (long)text.Length));
        string joined = string.Concat(texts);
        return escapes ? new SafeString(joined) : joined;
    }

    private object?[] EvaluateItems(IReadOnlyList<Expression> expressions, Scope scope)
    {
        object?[] items = new object?[expressions.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Evaluate(expressions[i], scope);
        }

        return items;
    }

    private PyDict EvaluateDict(DictExpression expression, Scope scope)
    {
        PyDict dict = new();
        foreach ((Expression key, Expression value) in expression.Entries)
        {
            dict.Set(Evaluate(key, scope), Evaluate(value, scope));
        }

        return dict;
    }

    private Arguments EvaluateArguments(CallArguments written, Scope scope)
    {
        List<object?> positional = [.. EvaluateItems(written.Positional, scope)];
        PyDict keyword = new();
        foreach ((string name, Expression value) in written.Keyword)
        {
            keyword.Set(name, Evaluate(value, scope));
        }

        if (written.Spread is not null)
        {
            positional.AddRange(Iteration.ToList(Evaluate(written.Spread, scope)));
        }

        if (written.KeywordSpread is not null)
        {
            AddSpread(keyword, Evaluate(written.KeywordSpread, scope));
        }

        return new Arguments(positional, keyword);
    }

    private static void AddSpread(PyDict keyword, object? spread)
    {
        PyDict given = spread as PyDict
            ?? throw TemplateException.Runtime($"argument after ** must be a mapping, not {PyType.Name(spread)}");
        foreach ((object? key, object? value) in given.Entries)
        {
            if (!PyConvert.IsText(key))
            {
                throw TemplateException.Runtime("keywords must be strings");
            }

            keyword.Set(PyConvert.ToText(key), value);
        }
    }

    private static object? Call(object? target, Arguments arguments) => target switch
    {
        Callable callable => callable.Call(arguments),
        Undefined undefined => throw undefined.Failure(),
        _ => throw TemplateException.Runtime($"'{PyType.Name(target)}' object is not callable"),
    };

    private object? ApplyFilter(FilterExpression filter, object? input, Scope scope) =>
        FilterTable.Apply(filter.Name, _state, input, EvaluateArguments(filter.Arguments, scope));

    /// <summary>A chain of filters whose first has no input, on an input.</summary>
    private object? ApplyChain(FilterExpression chain, object? input, Scope scope)
    {
        Meter.EnsureStack();
        object? value = chain.Input is FilterExpression inner ? ApplyChain(inner, input, scope) : input;
        return ApplyFilter(chain, value, scope);
    }
}
