using Proxima.Core.Binding;

namespace Proxima.Core.Ppo;

/// <summary>What a validator found.</summary>
/// <param name="Errors">mistakes; the run must not start with any</param>
/// <param name="Warnings">options that were changed and have no effect</param>
public sealed record ValidationResult(
    IReadOnlyList<SettingsError> Errors,
    IReadOnlyList<string> Warnings);
