using Proxima.Text.Templates.Syntax;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <content>Statements.</content>
internal sealed partial class Evaluator
{
    private Flow Run(IReadOnlyList<Statement> statements, Scope scope, Output output)
    {
        Meter.EnsureStack();
        foreach (Statement statement in statements)
        {
            Flow flow = Run(statement, scope, output);
            if (flow != Flow.Done)
            {
                return flow;
            }
        }

        return Flow.Done;
    }

    private Flow Run(Statement statement, Scope scope, Output output)
    {
        Meter.Step();
        switch (statement)
        {
            case TextStatement text:
                output.Write(text.Text);
                return Flow.Done;
            case PrintStatement print:
                Print(Evaluate(print.Value, scope), output);
                return Flow.Done;
            case SetStatement set:
                RunSet(set, scope);
                return Flow.Done;
            case IfStatement branches:
                return RunIf(branches, scope, output);
            case ForStatement loop:
                return RunFor(loop, scope, output);
            case MacroStatement macro:
                scope.Set(macro.Name, CreateMacro(macro.Name, macro.Body, scope));
                return Flow.Done;
            case BreakStatement:
                return Flow.Break;
            case ContinueStatement:
                return Flow.Continue;
            case GenerationStatement generation:
                RunGeneration(generation, scope, output);
                return Flow.Done;
            default:
                return RunBlock(statement, scope, output);
        }
    }

    /// <summary>Statements that are not in every template.</summary>
    private Flow RunBlock(Statement statement, Scope scope, Output output)
    {
        switch (statement)
        {
            case SetBlockStatement set:
                return RunSetBlock(set, scope);
            case WithStatement with:
                return RunWith(with, scope, output);
            case CallBlockStatement call:
                RunCallBlock(call, scope, output);
                return Flow.Done;
            case FilterBlockStatement filter:
                return RunFilterBlock(filter, scope, output);
            case BlockStatement block:
                // A block sees what the template as a whole has set, not what stands around it.
                return Run(block.Body, new Scope(_root), output);
            case AutoEscapeStatement escape:
                return RunAutoEscape(escape, scope, output);
            case LoadStatement load:
                Evaluate(load.Template, scope);
                throw TemplateException.Runtime("no loader for this environment specified");
            default:
                throw new InvalidOperationException($"no way to run {statement.GetType().Name}");
        }
    }

    private void Print(object? value, Output output) =>
        output.Write(_state.AutoEscape ? SafeString.Escape(value).Text : PyText.Str(value));

    private void RunSet(SetStatement set, Scope scope)
    {
        CheckFields(set.Target, scope);
        Assign(set.Target, Evaluate(set.Value, scope), scope);
    }

    private static void CheckFields(Target target, Scope scope)
    {
        Meter.EnsureStack();
        if (target is TupleTarget tuple)
        {
            foreach (Target item in tuple.Items)
            {
                CheckFields(item, scope);
            }
        }
        else if (target is FieldTarget field && scope.Get(field.Name) is not Namespace)
        {
            throw TemplateException.Runtime("cannot assign attribute on non-namespace object");
        }
    }

    private static void Assign(Target target, object? value, Scope scope)
    {
        Meter.EnsureStack();
        switch (target)
        {
            case NameTarget name:
                scope.Set(name.Name, value);
                break;
            case FieldTarget field:
                ((Namespace)scope.Get(field.Name)!).Set(field.Field, value); // CheckFields has seen it
                break;
            case TupleTarget tuple:
                List<object?> items = Iteration.ToList(value);
                if (items.Count != tuple.Items.Count)
                {
                    throw TemplateException.Runtime($"expected {tuple.Items.Count} values to unpack, got {items.Count}");
                }

                for (int i = 0; i < items.Count; i++)
                {
                    Assign(tuple.Items[i], items[i], scope);
                }

                break;
        }
    }

    private Flow RunIf(IfStatement statement, Scope scope, Output output)
    {
        foreach ((Expression? test, IReadOnlyList<Statement> body) in statement.Branches)
        {
            if (test is null || PyTruth.Of(Evaluate(test, scope)))
            {
                return Run(body, scope, output);
            }
        }

        return Flow.Done;
    }

    private Flow RunSetBlock(SetBlockStatement set, Scope scope)
    {
        Scope inner = new(scope);
        Output body = new();
        Flow flow = Run(set.Body, inner, body);
        if (flow != Flow.Done)
        {
            return flow;
        }

        CheckFields(set.Target, scope);
        object? value = set.Filter is null ? body.ToString() : ApplyChain(set.Filter, body.ToString(), inner);
        Assign(set.Target, _state.AutoEscape && value is string text ? new SafeString(text) : value, scope);
        return Flow.Done;
    }

    private Flow RunWith(WithStatement with, Scope scope, Output output)
    {
        Scope inner = new(scope);
        foreach ((Target target, Expression value) in with.Variables)
        {
            Assign(target, Evaluate(value, scope), inner);
        }

        return Run(with.Body, inner, output);
    }

    private Flow RunFilterBlock(FilterBlockStatement filter, Scope scope, Output output)
    {
        Scope inner = new(scope);
        Output body = new();
        Flow flow = Run(filter.Body, inner, body);
        if (flow == Flow.Done)
        {
            object text = _state.AutoEscape ? new SafeString(body.ToString()) : body.ToString();
            output.Write(PyText.Str(ApplyChain(filter.Filter, text, inner)));
        }

        return flow;
    }

    private Flow RunAutoEscape(AutoEscapeStatement escape, Scope scope, Output output)
    {
        bool before = _state.AutoEscape;
        _state.AutoEscape = PyTruth.Of(Evaluate(escape.IsOn, scope));
        Flow flow = Run(escape.Body, new Scope(scope), output);
        _state.AutoEscape = before;
        return flow;
    }

    private void RunCallBlock(CallBlockStatement statement, Scope scope, Output output)
    {
        Arguments written = EvaluateArguments(statement.Call.Arguments, scope);
        PyDict keyword = written.Keyword.Copy();
        keyword.Set("caller", CreateMacro(null, statement.Caller, scope));
        object? result = Call(Evaluate(statement.Call.Target, scope), new Arguments(written.Positional, keyword));
        Print(result, output);
    }

    private void RunGeneration(GenerationStatement generation, Scope scope, Output output)
    {
        // As transformers builds it the block is a call of its own, with the special names of one.
        Scope inner = new(scope);
        inner.Set("caller", Undefined.Because("No caller defined"));
        inner.Set("kwargs", new PyDict());
        inner.Set("varargs", new PyTuple([]));
        Output body = new();
        Run(generation.Body, inner, body);
        string text = body.ToString();

        // As transformers counts: from what the template as a whole has written so far.
        _spans.Add((new GenerationSpan(_output.Length, _output.Length + body.Length), text));
        output.Write(text);
    }

    private Macro CreateMacro(string? name, MacroBody body, Scope scope) => new(name, body, given => Meter.Deeper<object?>(() =>
    {
        Scope inner = new(scope);
        foreach ((string key, object? value) in given)
        {
            inner.Set(key, value);
        }

        foreach ((string parameter, Expression? defaultValue) in body.Parameters)
        {
            if (!given.ContainsKey(parameter))
            {
                inner.Set(parameter, defaultValue is null
                    ? Undefined.Because($"parameter '{parameter}' was not provided")
                    : Evaluate(defaultValue, inner));
            }
        }

        Output output = new();
        Run(body.Statements, inner, output);
        return _state.AutoEscape ? new SafeString(output.ToString()) : output.ToString();
    }));
}
