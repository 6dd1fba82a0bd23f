namespace Proxima.Text.Templates.Syntax;

/// <content>Tags other than <c>if</c> and <c>for</c>.</content>
internal sealed partial class StatementParser
{
    private Statement ParseSet()
    {
        Target target = ParseTarget(mayBeField: true);
        if (_tokens.SkipOperator("="))
        {
            return new SetStatement(target, _expressions.ParseTuple());
        }

        return _names.InFrame(() =>
        {
            FilterExpression? filter = (FilterExpression?)_expressions.ParseFilters(null);
            return new SetBlockStatement(target, filter, ParseClosedBody("endset"));
        });
    }

    private MacroStatement ParseMacro()
    {
        string name = _tokens.Expect(TokenKind.Name, "name").Text;
        return new MacroStatement(name, ParseMacroBody("endmacro", null, out _));
    }

    private CallBlockStatement ParseCallBlock()
    {
        MacroBody caller = ParseMacroBody("endcall", ParseCall, out CallExpression? call);
        return new CallBlockStatement(caller, call!); // not null: ParseCall gave it
    }

    private CallExpression ParseCall() => _expressions.ParseExpression() as CallExpression ?? throw _tokens.Error("expected call");

    private MacroBody ParseMacroBody(string end, Func<CallExpression>? parseHead, out CallExpression? head)
    {
        IReadOnlyList<(string, Expression?)> parameters = parseHead is null || _tokens.Current.IsOperator("(") ? ParseSignature() : [];
        head = parseHead?.Invoke();
        _names.EnterMacro();
        List<Statement> body = InFunction(() => ParseClosedBody(end));
        IReadOnlySet<string> used = _names.LeaveMacro();
        bool Uses(string name) => used.Contains(name) && !parameters.Any(parameter => parameter.Item1 == name);
        return new MacroBody(parameters, body, Uses("caller"), Uses("kwargs"), Uses("varargs"));
    }

    private List<(string Name, Expression? Default)> ParseSignature()
    {
        List<(string Name, Expression? Default)> parameters = [];
        _tokens.ExpectOperator("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            string name = _tokens.Expect(TokenKind.Name, "name").Text;
            Expression? defaultValue = _tokens.SkipOperator("=") ? _expressions.ParseExpression() : null;
            if (defaultValue is null && parameters.Count > 0 && parameters[^1].Default is not null)
            {
                throw _tokens.Error("non-default argument follows default argument");
            }

            if (parameters.Any(parameter => parameter.Name == name))
            {
                throw _tokens.Error($"duplicate argument '{name}'");
            }

            parameters.Add((name, defaultValue));
        }

        _tokens.ExpectOperator(")");
        return parameters;
    }

    private FilterBlockStatement ParseFilterBlock() => _names.InFrame(() =>
    {
        FilterExpression filter = (FilterExpression)_expressions.ParseFilters(null, startsInline: true)!; // not null: a name is demanded
        return new FilterBlockStatement(filter, ParseClosedBody("endfilter"));
    });

    private WithStatement ParseWith() => _names.InFrame(() =>
    {
        List<(Target, Expression)> variables = [];
        while (_tokens.Current.Kind != TokenKind.TagEnd)
        {
            if (variables.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            Target target = ParseTarget(mayBeField: false);
            _tokens.ExpectOperator("=");
            variables.Add((target, _expressions.ParseExpression()));
        }

        return new WithStatement(variables, ParseClosedBody("endwith"));
    });

    private BlockStatement ParseBlock()
    {
        string name = _tokens.Expect(TokenKind.Name, "name").Text;
        _tokens.SkipName("scoped");
        _tokens.SkipName("required");
        if (!_blockNames.Add(name))
        {
            throw _tokens.Error($"block '{name}' defined twice");
        }

        List<Statement> body = InFunction(() => ParseClosedBody("endblock"));
        _tokens.SkipName(name);
        return new BlockStatement(name, body);
    }

    private AutoEscapeStatement ParseAutoEscape() => _names.InFrame(() =>
    {
        Expression isOn = _expressions.ParseExpression();
        return new AutoEscapeStatement(isOn, ParseClosedBody("endautoescape"));
    });

    private Statement[] ParsePrint()
    {
        List<Statement> prints = [];
        while (_tokens.Current.Kind != TokenKind.TagEnd)
        {
            if (prints.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            prints.Add(new PrintStatement(_expressions.ParseExpression()));
        }

        return [.. prints];
    }

    /// <summary>A tag that would load another template; what follows its name only has to be well formed.</summary>
    private LoadStatement ParseLoad(string tag)
    {
        Expression template = _expressions.ParseExpression();
        if (tag == "import")
        {
            _tokens.ExpectName("as");
            _tokens.Expect(TokenKind.Name, "name");
        }
        else if (tag == "from")
        {
            _tokens.ExpectName("import");
        }

        while (_tokens.Current.Kind is TokenKind.Name || _tokens.Current.IsOperator(","))
        {
            _tokens.Next();
        }

        return new LoadStatement(template);
    }

    /// <summary>What a value is assigned to: names, in <c>set</c> fields of a namespace too, commas for several.</summary>
    private Target ParseTarget(bool mayBeField, string? end = null)
    {
        List<Target> items = [];
        bool isTuple = false;
        while (_tokens.Current.Kind is not (TokenKind.TagEnd or TokenKind.PrintEnd)
            && !_tokens.Current.IsOperator(")")
            && !(end is not null && _tokens.Current.IsName(end)))
        {
            items.Add(ParseSingleTarget(mayBeField));
            if (!_tokens.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        if (items.Count == 1 && !isTuple)
        {
            return items[0];
        }

        return items.Count > 0 ? new TupleTarget(items) : throw _tokens.Error($"Expected an expression, got '{_tokens.Current.Describe()}'");
    }

    private Target ParseSingleTarget(bool mayBeField)
    {
        Runtime.Meter.EnsureStack();
        if (_tokens.SkipOperator("("))
        {
            Target inner = ParseTarget(mayBeField: false);
            _tokens.ExpectOperator(")");
            return inner;
        }

        string name = _tokens.Expect(TokenKind.Name, "name").Text;
        if (name is "true" or "false" or "none" or "True" or "False" or "None")
        {
            throw _tokens.Error("can't assign to 'const'");
        }

        if (name == "loop" && _loops > 0)
        {
            throw _tokens.Error("Can't assign to special loop variable in for-loop target");
        }

        if (mayBeField && _tokens.SkipOperator("."))
        {
            _names.Load(name);
            return new FieldTarget(name, _tokens.Expect(TokenKind.Name, "name").Text);
        }

        return new NameTarget(name);
    }
}
