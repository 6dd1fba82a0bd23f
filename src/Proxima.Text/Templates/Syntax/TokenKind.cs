namespace Proxima.Text.Templates.Syntax;

internal enum TokenKind
{
    /// <summary>Text outside tags.</summary>
    Data,

    /// <summary>{{</summary>
    PrintBegin,

    /// <summary>}}</summary>
    PrintEnd,

    /// <summary>{%</summary>
    TagBegin,

    /// <summary>%}</summary>
    TagEnd,

    Name,

    String,

    Integer,

    Float,

    Operator,

    /// <summary>End of the template.</summary>
    End,
}
