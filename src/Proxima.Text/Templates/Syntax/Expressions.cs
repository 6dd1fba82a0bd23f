namespace Proxima.Text.Templates.Syntax;

/// <summary>Something that has a value.</summary>
internal abstract record Expression;

internal sealed record ConstantExpression(object? Value) : Expression;

internal sealed record NameExpression(string Name) : Expression;

internal sealed record TupleExpression(IReadOnlyList<Expression> Items) : Expression;

internal sealed record ListExpression(IReadOnlyList<Expression> Items) : Expression;

internal sealed record DictExpression(IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression;

/// <summary><c>owner.name</c></summary>
internal sealed record AttributeExpression(Expression Owner, string Name) : Expression;

/// <summary><c>owner[key]</c></summary>
internal sealed record ItemExpression(Expression Owner, Expression Key) : Expression;

/// <summary><c>start:stop:step</c> between brackets.</summary>
internal sealed record SliceExpression(Expression? Start, Expression? Stop, Expression? Step) : Expression;

internal sealed record CallExpression(Expression Target, CallArguments Arguments) : Expression;

/// <summary><c>input|name(arguments)</c>; without input at the head of a filter block.</summary>
internal sealed record FilterExpression(Expression? Input, string Name, CallArguments Arguments) : Expression;

/// <summary><c>input is name(arguments)</c></summary>
internal sealed record TestExpression(Expression Input, string Name, CallArguments Arguments) : Expression;

internal sealed record NotExpression(Expression Operand) : Expression;

/// <summary>A sign before a number.</summary>
internal sealed record SignExpression(string Sign, Expression Operand) : Expression;

/// <summary><c>+ - * / // % **</c></summary>
internal sealed record ArithmeticExpression(string Sign, Expression Left, Expression Right) : Expression;

/// <summary><c>and</c> or <c>or</c></summary>
internal sealed record LogicalExpression(string Sign, Expression Left, Expression Right) : Expression;

/// <summary>Comparisons in a chain.</summary>
internal sealed record CompareExpression(Expression First, IReadOnlyList<(string Sign, Expression Right)> Rest) : Expression;

/// <summary>Texts joined by <c>~</c>.</summary>
internal sealed record ConcatExpression(IReadOnlyList<Expression> Items) : Expression;

/// <summary><c>then if test else otherwise</c></summary>
internal sealed record ConditionalExpression(Expression Test, Expression Then, Expression? Otherwise) : Expression;

/// <summary>Arguments as they are written.</summary>
/// <param name="Positional">by place</param>
/// <param name="Keyword">by name</param>
/// <param name="Spread">what stands behind *</param>
/// <param name="KeywordSpread">what stands behind **</param>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Keyword,
    Expression? Spread,
    Expression? KeywordSpread)
{
    public static readonly CallArguments None = new([], [], null, null);
}
