using Proxima.Text.Templates.Filters;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Syntax;

/// <summary>Tokens → expressions, one method a level of precedence, loosest first.</summary>
internal sealed partial class ExpressionParser
{
    private readonly TokenReader _tokens;
    private readonly NameUse _names;

    public ExpressionParser(TokenReader tokens, NameUse names)
    {
        _tokens = tokens;
        _names = names;
    }

    /// <summary>An expression with the conditional form <c>a if b else c</c>.</summary>
    public Expression ParseExpression()
    {
        Meter.EnsureStack();
        int mark = _names.Mark;
        Expression expression = ParseOr();
        while (_tokens.SkipName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = _tokens.SkipName("else") ? ParseExpression() : null;
            expression = new ConditionalExpression(test, expression, otherwise);
            _names.Excuse(mark);
        }

        return expression;
    }

    /// <summary>An expression in which <c>if</c> does not belong, as <c>for</c> and <c>if</c> take it; commas make a tuple.</summary>
    public Expression ParseUnconditional(string? end = null) => ParseTuple(ParseOr, end, mayBeEmpty: false);

    /// <summary>An expression; commas make a tuple.</summary>
    public Expression ParseTuple() => ParseTuple(ParseExpression, null, mayBeEmpty: false);

    /// <summary>Arguments between parentheses.</summary>
    public CallArguments ParseArguments()
    {
        List<Expression> positional = [];
        List<(string, Expression)> keyword = [];
        Expression? spread = null;
        Expression? keywordSpread = null;
        _tokens.ExpectOperator("(");
        bool isFirst = true;
        while (!_tokens.Current.IsOperator(")"))
        {
            if (!isFirst)
            {
                _tokens.ExpectOperator(",");
                if (_tokens.Current.IsOperator(")"))
                {
                    break;
                }
            }

            isFirst = false;
            bool isNamed = _tokens.Current.Kind == TokenKind.Name && _tokens.Following.IsOperator("=");
            if (_tokens.SkipOperator("*"))
            {
                Ensure(spread is null && keywordSpread is null);
                spread = ParseExpression();
            }
            else if (_tokens.SkipOperator("**"))
            {
                Ensure(keywordSpread is null);
                keywordSpread = ParseExpression();
            }
            else if (isNamed)
            {
                Ensure(keywordSpread is null);
                string name = _tokens.Next().Text;
                _tokens.Next();
                keyword.Add((name, ParseExpression()));
            }
            else
            {
                Ensure(spread is null && keywordSpread is null && keyword.Count == 0);
                positional.Add(ParseExpression());
            }
        }

        _tokens.ExpectOperator(")");
        return new CallArguments(positional, keyword, spread, keywordSpread);
    }

    /// <summary>Filters behind an input; the first may stand without | at the head of a filter block.</summary>
    public Expression? ParseFilters(Expression? input, bool startsInline = false)
    {
        while (startsInline || _tokens.SkipOperator("|"))
        {
            startsInline = false;
            int line = _tokens.Current.Line;
            string name = ParseDottedName();
            if (!FilterTable.Has(name))
            {
                _names.Unknown($"No filter named '{name}'.", line);
            }

            CallArguments arguments = _tokens.Current.IsOperator("(") ? ParseArguments() : CallArguments.None;
            input = new FilterExpression(input, name, arguments);
        }

        return input;
    }

    private Expression ParseTuple(Func<Expression> parseItem, string? end, bool mayBeEmpty)
    {
        List<Expression> items = [];
        bool isTuple = false;
        while (!IsTupleEnd(end))
        {
            items.Add(parseItem());
            if (!_tokens.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        if (!isTuple && items.Count == 1)
        {
            return items[0];
        }

        return isTuple || mayBeEmpty
            ? new TupleExpression(items)
            : throw _tokens.Error($"Expected an expression, got '{_tokens.Current.Describe()}'");
    }

    private bool IsTupleEnd(string? end) =>
        _tokens.Current.Kind is TokenKind.PrintEnd or TokenKind.TagEnd
        || _tokens.Current.IsOperator(")")
        || (end is not null && _tokens.Current.IsName(end));

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (_tokens.SkipName("or"))
        {
            left = new LogicalExpression("or", left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (_tokens.SkipName("and"))
        {
            left = new LogicalExpression("and", left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        Meter.EnsureStack();
        return _tokens.SkipName("not") ? new NotExpression(ParseNot()) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (ReadComparison() is { } sign)
        {
            rest.Add((sign, ParseSum()));
        }

        return rest.Count == 0 ? first : new CompareExpression(first, rest);
    }

    private string? ReadComparison()
    {
        if (_tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
        {
            return _tokens.Next().Text;
        }

        if (_tokens.SkipName("in"))
        {
            return "in";
        }

        if (_tokens.Current.IsName("not") && _tokens.Following.IsName("in"))
        {
            _tokens.Next();
            _tokens.Next();
            return "not in";
        }

        return null;
    }

    private Expression ParseSum()
    {
        Expression left = ParseConcat();
        while (_tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" })
        {
            left = new ArithmeticExpression(_tokens.Next().Text, left, ParseConcat());
        }

        return left;
    }

    private Expression ParseConcat()
    {
        List<Expression> items = [ParseProduct()];
        while (_tokens.SkipOperator("~"))
        {
            items.Add(ParseProduct());
        }

        return items.Count == 1 ? items[0] : new ConcatExpression(items);
    }

    private Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (_tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            left = new ArithmeticExpression(_tokens.Next().Text, left, ParsePower());
        }

        return left;
    }

    private Expression ParsePower()
    {
        Expression left = ParseFilterTail(ParseUnary());
        while (_tokens.SkipOperator("**"))
        {
            left = new ArithmeticExpression("**", left, ParseFilterTail(ParseUnary()));
        }

        return left;
    }

    /// <summary>A sign takes postfixes of its operand, but filters take the sign: <c>-1|abs</c> is 1.</summary>
    private Expression ParseUnary()
    {
        Meter.EnsureStack();
        if (_tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" })
        {
            return ParsePostfix(new SignExpression(_tokens.Next().Text, ParseUnary()));
        }

        return ParsePostfix(ParsePrimary());
    }

    private Expression ParseFilterTail(Expression expression)
    {
        while (true)
        {
            if (_tokens.Current.IsOperator("|"))
            {
                expression = ParseFilters(expression)!; // not null: there is an input
            }
            else if (_tokens.SkipName("is"))
            {
                expression = ParseTest(expression);
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

    private Expression ParseTest(Expression input)
    {
        bool isNegated = _tokens.SkipName("not");
        int line = _tokens.Current.Line;
        string name = ParseDottedName();
        if (!TestTable.Has(name))
        {
            _names.Unknown($"No test named '{name}'.", line);
        }

        CallArguments arguments = CallArguments.None;
        if (_tokens.Current.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (BeginsTestArgument())
        {
            arguments = new CallArguments([ParsePostfix(ParsePrimary())], [], null, null);
        }

        TestExpression test = new(input, name, arguments);
        return isNegated ? new NotExpression(test) : test;
    }

    private bool BeginsTestArgument()
    {
        if (_tokens.Current.IsName("is"))
        {
            throw _tokens.Error("You cannot chain multiple tests with is");
        }

        return _tokens.Current switch
        {
            { Kind: TokenKind.Name, Text: "else" or "or" or "and" } => false,
            { Kind: TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float } => true,
            { Kind: TokenKind.Operator, Text: "[" or "{" } => true,
            _ => false,
        };
    }
}
