namespace Proxima.Text.Templates.Syntax;

/// <content>Names, literals and what stands directly behind them.</content>
internal sealed partial class ExpressionParser
{
    private string ParseDottedName()
    {
        string name = _tokens.Expect(TokenKind.Name, "name").Text;
        while (_tokens.SkipOperator("."))
        {
            name += "." + _tokens.Expect(TokenKind.Name, "name").Text;
        }

        return name;
    }

    private Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            if (_tokens.SkipOperator("."))
            {
                expression = ParseMember(expression);
            }
            else if (_tokens.SkipOperator("["))
            {
                expression = ParseSubscript(expression);
            }
            else if (_tokens.Current.IsOperator("("))
            {
                expression = new CallExpression(expression, ParseArguments());
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseMember(Expression owner)
    {
        Token member = _tokens.Next();
        return member.Kind switch
        {
            TokenKind.Name => new AttributeExpression(owner, member.Text),
            TokenKind.Integer => new ItemExpression(owner, new ConstantExpression(member.Value)),
            _ => throw _tokens.Error("expected name or number"),
        };
    }

    private ItemExpression ParseSubscript(Expression owner)
    {
        List<Expression> keys = [];
        while (!_tokens.Current.IsOperator("]"))
        {
            if (keys.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            keys.Add(ParseKey());
        }

        _tokens.ExpectOperator("]");
        return new ItemExpression(owner, keys.Count == 1 ? keys[0] : new TupleExpression(keys));
    }

    private Expression ParseKey()
    {
        Expression? start = _tokens.Current.IsOperator(":") ? null : ParseExpression();
        if (start is not null && !_tokens.Current.IsOperator(":"))
        {
            return start;
        }

        _tokens.ExpectOperator(":");
        Expression? stop = IsSliceEnd() || _tokens.Current.IsOperator(":") ? null : ParseExpression();
        Expression? step = null;
        if (_tokens.SkipOperator(":"))
        {
            step = IsSliceEnd() ? null : ParseExpression();
        }

        return new SliceExpression(start, stop, step);
    }

    private bool IsSliceEnd() => _tokens.Current is { Kind: TokenKind.Operator, Text: "]" or "," };

    private Expression ParsePrimary()
    {
        Token token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                _tokens.Next();
                return ParseName(token.Text);
            case TokenKind.String:
                string text = string.Empty;
                while (_tokens.Current.Kind == TokenKind.String)
                {
                    text += _tokens.Next().Text;
                }

                return new ConstantExpression(text);
            case TokenKind.Integer or TokenKind.Float:
                _tokens.Next();
                return new ConstantExpression(token.Value);
            case TokenKind.Operator when token.Text == "(":
                _tokens.Next();
                Expression inner = ParseTuple(ParseExpression, null, mayBeEmpty: true);
                _tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(ParseItems("[", "]", ParseExpression));
            case TokenKind.Operator when token.Text == "{":
                return new DictExpression(ParseItems("{", "}", ParseEntry));
            default:
                throw _tokens.Error($"unexpected '{token.Describe()}'");
        }
    }

    private Expression ParseName(string name)
    {
        switch (name)
        {
            case "true" or "True":
                return new ConstantExpression(true);
            case "false" or "False":
                return new ConstantExpression(false);
            case "none" or "None":
                return new ConstantExpression(null);
            default:
                _names.Load(name);
                return new NameExpression(name);
        }
    }

    private List<T> ParseItems<T>(string open, string close, Func<T> parseItem)
    {
        List<T> items = [];
        _tokens.ExpectOperator(open);
        while (!_tokens.Current.IsOperator(close))
        {
            if (items.Count > 0)
            {
                _tokens.ExpectOperator(",");
                if (_tokens.Current.IsOperator(close))
                {
                    break;
                }
            }

            items.Add(parseItem());
        }

        _tokens.ExpectOperator(close);
        return items;
    }

    private (Expression Key, Expression Value) ParseEntry()
    {
        Expression key = ParseExpression();
        _tokens.ExpectOperator(":");
        return (key, ParseExpression());
    }

    private void Ensure(bool condition)
    {
        if (!condition)
        {
            throw _tokens.Error("invalid syntax for function call expression");
        }
    }
}
