namespace Proxima.Text.Normalizers;

/// <summary>A stretch of the input on its way through normalizers.</summary>
/// <param name="Text">The text as it is by now.</param>
/// <param name="StartsInput">
/// Whether its first character comes from the first character of the whole input: what "prepend at the start only" asks.
/// </param>
internal readonly record struct SourceText(string Text, bool StartsInput);
