namespace Proxima.Core.Binding;

/// <summary>The arguments under one heading of <c>--help</c>.</summary>
public sealed record ArgumentGroup(string Title, IReadOnlyList<ArgumentDefinition> Arguments);
