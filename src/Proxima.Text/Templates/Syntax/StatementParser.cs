using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Syntax;

/// <summary>A template → statements.</summary>
internal sealed partial class StatementParser
{
    private readonly TokenReader _tokens;
    private readonly NameUse _names = new();
    private readonly ExpressionParser _expressions;
    private readonly HashSet<string> _blockNames = new(StringComparer.Ordinal);
    private readonly Stack<string> _openTags = new();
    private int _loops;
    private int _loopsOfCode;
    private TemplateException? _misplaced;

    private StatementParser(IReadOnlyList<Token> tokens)
    {
        _tokens = new TokenReader(tokens);
        _expressions = new ExpressionParser(_tokens, _names);
    }

    /// <exception cref="TemplateException">the text is no template</exception>
    public static IReadOnlyList<Statement> Parse(string template)
    {
        StatementParser parser = new(TemplateLexer.Read(template));
        IReadOnlyList<Statement> statements = parser.ParseUntil([]);
        parser._names.Check();
        return parser._misplaced is null ? statements : throw parser._misplaced;
    }

    /// <summary>Statements up to one of the tags, whose name is then the current token; to the end when there are none.</summary>
    private List<Statement> ParseUntil(string[] ends)
    {
        Meter.EnsureStack();
        List<Statement> body = [];
        while (_tokens.Current.Kind != TokenKind.End)
        {
            switch (_tokens.Current.Kind)
            {
                case TokenKind.Data:
                    body.Add(new TextStatement(_tokens.Next().Text));
                    break;
                case TokenKind.PrintBegin:
                    _tokens.Next();
                    body.Add(new PrintStatement(_expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.PrintEnd, "end of print statement");
                    break;
                default:
                    _tokens.Expect(TokenKind.TagBegin, "begin of statement block");
                    if (_tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text))
                    {
                        return body;
                    }

                    body.AddRange(ParseStatement(ends));
                    _tokens.Expect(TokenKind.TagEnd, "end of statement block");
                    break;
            }
        }

        return ends.Length == 0 ? body : throw _tokens.Error("Unexpected end of template." + LookingFor(ends));
    }

    /// <summary>The body of a tag; the end tag's name is then the current token.</summary>
    private List<Statement> ParseBody(params string[] ends)
    {
        _tokens.SkipOperator(":");
        _tokens.Expect(TokenKind.TagEnd, "end of statement block");
        return ParseUntil(ends);
    }

    /// <summary>The body of a tag with its end tag's name.</summary>
    private List<Statement> ParseClosedBody(string end)
    {
        List<Statement> body = ParseBody(end);
        _tokens.Next();
        return body;
    }

    private Statement[] ParseStatement(string[] ends)
    {
        Token tag = _tokens.Expect(TokenKind.Name, "tag name");
        _openTags.Push(tag.Text);
        Statement[] statements = tag.Text switch
        {
            "if" => [ParseIf()],
            "for" => [ParseFor()],
            "set" => [ParseSet()],
            "macro" => [ParseMacro()],
            "call" => [ParseCallBlock()],
            "filter" => [ParseFilterBlock()],
            "with" => [ParseWith()],
            "generation" => [new GenerationStatement(InFunction(() => ParseClosedBody("endgeneration")))],
            "block" => [ParseBlock()],
            "autoescape" => [ParseAutoEscape()],
            "print" => ParsePrint(),
            "include" or "import" or "from" or "extends" => [ParseLoad(tag.Text)],
            "break" => [InLoop(new BreakStatement(), tag)],
            "continue" => [InLoop(new ContinueStatement(), tag)],
            _ => throw UnknownTag(tag, ends),
        };
        _openTags.Pop();
        return statements;
    }

    private TemplateException UnknownTag(Token tag, string[] ends)
    {
        _openTags.Pop();
        return TemplateException.Syntax($"Encountered unknown tag '{tag.Text}'." + LookingFor(ends), tag.Line);
    }

    private string LookingFor(string[] ends)
    {
        string wanted = ends.Length == 0
            ? string.Empty
            : $" Jinja was looking for the following tags: {string.Join(" or ", ends.Select(end => $"'{end}'"))}.";
        string innermost = _openTags.TryPeek(out string? open)
            ? $" The innermost block that needs to be closed is '{open}'."
            : string.Empty;
        return wanted + innermost;
    }

    private IfStatement ParseIf()
    {
        int mark = _names.Mark;
        List<(Expression?, IReadOnlyList<Statement>)> branches = [];
        string next = "elif";
        while (next == "elif")
        {
            Expression test = _expressions.ParseUnconditional();
            branches.Add((test, ParseBody("elif", "else", "endif")));
            next = _tokens.Next().Text;
        }

        if (next == "else")
        {
            branches.Add((null, ParseClosedBody("endif")));
        }

        _names.Excuse(mark);
        return new IfStatement(branches);
    }

    private ForStatement ParseFor()
    {
        _loops++;
        Target target = ParseTarget(mayBeField: false, end: "in");
        _tokens.ExpectName("in");
        Expression items = _expressions.ParseUnconditional("recursive");
        Expression? test = _tokens.SkipName("if") ? _names.InFrame(_expressions.ParseExpression) : null;
        bool isRecursive = _tokens.SkipName("recursive");
        int outer = _loopsOfCode;
        _loopsOfCode = isRecursive ? 1 : outer + 1;
        List<Statement> body = _names.InFrame(() => ParseBody("endfor", "else"));
        _loopsOfCode = isRecursive ? 0 : outer;
        List<Statement> otherwise = _tokens.Next().Text == "else" ? _names.InFrame(() => ParseClosedBody("endfor")) : [];
        _loopsOfCode = outer;
        _loops--;
        return new ForStatement(target, items, test, body, otherwise, isRecursive);
    }

    private T InLoop<T>(T statement, Token tag)
        where T : Statement
    {
        // Python finds this, when everything that jinja finds has been found.
        _misplaced ??= _loopsOfCode > 0 ? null : TemplateException.Runtime($"line {tag.Line}: '{tag.Text}' outside loop");
        return statement;
    }

    /// <summary>Parses what runs as a function of its own: loops outside cannot be left from it.</summary>
    private T InFunction<T>(Func<T> parse)
    {
        int outer = _loopsOfCode;
        _loopsOfCode = 0;
        T result = _names.InFrame(parse);
        _loopsOfCode = outer;
        return result;
    }
}
