namespace Proxima.Text.Templates;

/// <summary>Characters that a <c>{% generation %}</c> block wrote, counted in code points.</summary>
/// <param name="Start">first character</param>
/// <param name="End">behind the last character</param>
public readonly record struct GenerationSpan(int Start, int End);
