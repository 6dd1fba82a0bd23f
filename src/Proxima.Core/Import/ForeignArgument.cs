namespace Proxima.Core.Import;

/// <summary>An argument of another trainer as somebody wrote it.</summary>
/// <param name="Name">its name, without dashes before it</param>
/// <param name="Text">its value: of a switch without one "true", of a list the entries with spaces between</param>
/// <param name="Origin">"file:line"</param>
public sealed record ForeignArgument(string Name, string Text, string Origin);
