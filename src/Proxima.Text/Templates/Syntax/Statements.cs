namespace Proxima.Text.Templates.Syntax;

/// <summary>Something that is done.</summary>
internal abstract record Statement;

/// <summary>Text between tags.</summary>
internal sealed record TextStatement(string Text) : Statement;

/// <summary><c>{{ … }}</c></summary>
internal sealed record PrintStatement(Expression Value) : Statement;

/// <summary>Branches in order; the last may have no test.</summary>
internal sealed record IfStatement(IReadOnlyList<(Expression? Test, IReadOnlyList<Statement> Body)> Branches) : Statement;

internal sealed record ForStatement(
    Target Target,
    Expression Items,
    Expression? Test,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Statement> Otherwise,
    bool IsRecursive) : Statement;

internal sealed record SetStatement(Target Target, Expression Value) : Statement;

/// <summary><c>{% set x %} … {% endset %}</c></summary>
internal sealed record SetBlockStatement(Target Target, FilterExpression? Filter, IReadOnlyList<Statement> Body) : Statement;

internal sealed record MacroStatement(string Name, MacroBody Body) : Statement;

internal sealed record CallBlockStatement(MacroBody Caller, CallExpression Call) : Statement;

internal sealed record FilterBlockStatement(FilterExpression Filter, IReadOnlyList<Statement> Body) : Statement;

internal sealed record WithStatement(IReadOnlyList<(Target Target, Expression Value)> Variables, IReadOnlyList<Statement> Body) : Statement;

/// <summary><c>{% generation %}</c>: what the model is to say.</summary>
internal sealed record GenerationStatement(IReadOnlyList<Statement> Body) : Statement;

internal sealed record BlockStatement(string Name, IReadOnlyList<Statement> Body) : Statement;

internal sealed record AutoEscapeStatement(Expression IsOn, IReadOnlyList<Statement> Body) : Statement;

/// <summary>A tag that would load another template; there is none to be had.</summary>
internal sealed record LoadStatement(Expression Template) : Statement;

internal sealed record BreakStatement : Statement;

internal sealed record ContinueStatement : Statement;

/// <summary>Parameters and statements of a macro or call block.</summary>
internal sealed record MacroBody(
    IReadOnlyList<(string Name, Expression? Default)> Parameters,
    IReadOnlyList<Statement> Statements,
    bool UsesCaller,
    bool UsesKeywordArguments,
    bool UsesVariableArguments);

/// <summary>What can be assigned to.</summary>
internal abstract record Target;

internal sealed record NameTarget(string Name) : Target;

/// <summary>A field of a namespace.</summary>
internal sealed record FieldTarget(string Name, string Field) : Target;

internal sealed record TupleTarget(IReadOnlyList<Target> Items) : Target;
