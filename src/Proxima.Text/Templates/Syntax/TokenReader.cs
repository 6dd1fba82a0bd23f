namespace Proxima.Text.Templates.Syntax;

/// <summary>Tokens with a place.</summary>
internal sealed class TokenReader
{
    private readonly IReadOnlyList<Token> _tokens;
    private int _at;

    public TokenReader(IReadOnlyList<Token> tokens)
    {
        _tokens = tokens;
    }

    public Token Current => _tokens[_at];

    public Token Following => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    /// <summary>The current token; goes one on, but not beyond the end.</summary>
    public Token Next()
    {
        Token token = Current;
        _at = Math.Min(_at + 1, _tokens.Count - 1);
        return token;
    }

    public bool SkipName(string name) => SkipIf(Current.IsName(name));

    public bool SkipOperator(string text) => SkipIf(Current.IsOperator(text));

    /// <exception cref="TemplateException">another token stands here</exception>
    public Token Expect(TokenKind kind, string description) => Current.Kind == kind ? Next() : throw Unexpected(description);

    /// <exception cref="TemplateException">another token stands here</exception>
    public void ExpectOperator(string text)
    {
        if (!SkipOperator(text))
        {
            throw Unexpected(text);
        }
    }

    /// <exception cref="TemplateException">another token stands here</exception>
    public void ExpectName(string name)
    {
        if (!SkipName(name))
        {
            throw Unexpected(name);
        }
    }

    public TemplateException Error(string message) => TemplateException.Syntax(message, Current.Line);

    private TemplateException Unexpected(string expected) => Error(
        Current.Kind == TokenKind.End
            ? $"unexpected end of template, expected '{expected}'."
            : $"expected token '{expected}', got '{Current.Describe()}'");

    private bool SkipIf(bool condition)
    {
        if (condition)
        {
            Next();
        }

        return condition;
    }
}
