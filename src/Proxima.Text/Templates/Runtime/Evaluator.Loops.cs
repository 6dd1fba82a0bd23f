using Proxima.Text.Templates.Syntax;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <content>Loops.</content>
internal sealed partial class Evaluator
{
    private Flow RunFor(ForStatement statement, Scope scope, Output output)
    {
        object? items = Evaluate(statement.Items, scope);
        if (!statement.IsRecursive)
        {
            return RunLoop(statement, items, 0, null, scope, output);
        }

        string Recurse(object? inner, int depth) => Meter.Deeper(() =>
        {
            Output body = new();
            RunLoop(statement, inner, depth, Recurse, scope, body);
            return body.ToString();
        });
        output.Write(Recurse(items, 0));
        return Flow.Done;
    }

    private Flow RunLoop(
        ForStatement statement,
        object? value,
        int depth,
        Func<object?, int, string>? recurse,
        Scope scope,
        Output output)
    {
        IEnumerable<object?> items = Iteration.Over(value);
        int? length = statement.Test is null ? Iteration.KnownLength(value) : null;
        items = statement.Test is null ? items : Filtered(items, statement, statement.Test, scope);
        using LoopContext loop = new(items, length, depth, recurse);
        bool anyTurnDone = false;
        while (loop.MoveNext(out object? item))
        {
            Scope inner = new(scope);
            inner.Set("loop", loop);
            Assign(statement.Target, item, inner);
            Flow flow = Run(statement.Body, inner, output);
            if (flow == Flow.Break)
            {
                break;
            }

            // As in jinja a turn that ends in continue is not one that keeps else from running.
            anyTurnDone |= flow == Flow.Done;
        }

        return anyTurnDone ? Flow.Done : Run(statement.Otherwise, new Scope(scope), output);
    }

    private IEnumerable<object?> Filtered(IEnumerable<object?> items, ForStatement statement, Expression test, Scope scope)
    {
        foreach (object? item in items)
        {
            Scope inner = new(scope);
            Assign(statement.Target, item, inner);
            if (PyTruth.Of(Evaluate(test, inner)))
            {
                yield return item;
            }
        }
    }
}
