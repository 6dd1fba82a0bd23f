namespace Proxima.Text.Templates.Syntax;

/// <summary>A piece of a template.</summary>
/// <param name="Kind">what it is</param>
/// <param name="Text">its text; of a string its content</param>
/// <param name="Value">value of a literal</param>
/// <param name="Line">line of the template, from 1</param>
internal sealed record Token(TokenKind Kind, string Text, object? Value, int Line)
{
    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;

    public bool IsName(string text) => Kind == TokenKind.Name && Text == text;

    /// <summary>As messages name it.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Data => "template data / text",
        TokenKind.PrintBegin => "begin of print statement",
        TokenKind.PrintEnd => "end of print statement",
        TokenKind.TagBegin => "begin of statement block",
        TokenKind.TagEnd => "end of statement block",
        TokenKind.String => "string",
        TokenKind.Integer => "integer",
        TokenKind.Float => "float",
        TokenKind.End => "end of template",
        _ => Text,
    };
}
