using Proxima.Text.Templates.Syntax;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>A macro, or the body of a <c>call</c> block.</summary>
internal sealed class Macro : Callable
{
    private const string Caller = "caller";

    private readonly MacroBody _body;
    private readonly Func<IReadOnlyDictionary<string, object?>, object?> _invoke;

    /// <param name="name">name of the macro, null for the body of a call block</param>
    /// <param name="body">parameters and statements</param>
    /// <param name="invoke">renders the body; parameters that were not given are absent</param>
    public Macro(string? name, MacroBody body, Func<IReadOnlyDictionary<string, object?>, object?> invoke)
    {
        Name = name;
        _body = body;
        _invoke = invoke;
    }

    public string? Name { get; }

    public IReadOnlyList<string> ParameterNames => [.. _body.Parameters.Select(parameter => parameter.Name)];

    public MacroBody Body => _body;

    public override object? Call(Arguments arguments)
    {
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        PyDict rest = arguments.Keyword.Copy();
        PyDict unknown = new();
        for (int i = 0; i < _body.Parameters.Count; i++)
        {
            string name = _body.Parameters[i].Name;
            if (i < arguments.Positional.Count)
            {
                values[name] = arguments.Positional[i];
            }
            else if (rest.TryGet(name, out object? given))
            {
                values[name] = given;
            }
        }

        bool hasCallerParameter = _body.Parameters.Any(parameter => parameter.Name == Caller);
        if (_body.UsesCaller && !hasCallerParameter)
        {
            values[Caller] = rest.TryGet(Caller, out object? caller) && caller is not null
                ? caller
                : Undefined.Because("No caller defined");
        }

        foreach ((object? key, object? value) in rest.Entries)
        {
            if (!IsTaken((string)key!, arguments.Positional.Count)) // not null: keyword keys are strings
            {
                unknown.Set(key, value);
            }
        }

        AddSpecials(arguments, values, unknown);
        return _invoke(values);
    }

    private bool IsTaken(string key, int positional)
    {
        int place = _body.Parameters.ToList().FindIndex(parameter => parameter.Name == key);
        return place >= positional || (place < 0 && key == Caller && _body.UsesCaller);
    }

    private void AddSpecials(Arguments arguments, Dictionary<string, object?> values, PyDict unknown)
    {
        if (_body.UsesKeywordArguments)
        {
            values["kwargs"] = unknown;
        }
        else if (unknown.Count > 0)
        {
            throw TemplateException.Runtime($"macro '{Name}' takes no keyword argument '{unknown.Entries[0].Key}'");
        }

        int count = _body.Parameters.Count;
        if (_body.UsesVariableArguments)
        {
            values["varargs"] = new PyTuple([.. arguments.Positional.Skip(count)]);
        }
        else if (arguments.Positional.Count > count)
        {
            throw TemplateException.Runtime($"macro '{Name}' takes not more than {count} argument(s)");
        }
    }
}
