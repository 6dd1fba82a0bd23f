namespace Proxima.Core.Binding;

/// <summary>One mistake in the settings.</summary>
/// <param name="Keys">the arguments it is about</param>
/// <param name="Found">the arguments with their values</param>
/// <param name="Origin">"file:line", "command line" or "default"</param>
/// <param name="Expected">what belongs there</param>
/// <param name="Cure">what to do, as a sentence</param>
public sealed record SettingsError(IReadOnlyList<string> Keys, string Found, string Origin, string Expected, string Cure)
{
    public SettingsError(string key, string value, string origin, string expected, string cure)
        : this([key], $"{key} = {value}", origin, expected, cure)
    {
    }

    public override string ToString() => $"{Found} ({Origin}): expected {Expected}. {Cure}";

    /// <summary>One exception with all mistakes in its message.</summary>
    /// <param name="command">name of the command whose settings they are</param>
    /// <param name="errors">at least one</param>
    public static ProximaException ToException(string command, IReadOnlyList<SettingsError> errors)
    {
        string count = errors.Count == 1 ? "1 mistake" : $"{errors.Count} mistakes";
        IEnumerable<string> lines = errors.Select((error, index) => $"  {index + 1}. {error}");
        return new ProximaException(
            ExitCode.Usage,
            $"{count} in the settings of {command}; nothing was touched.\n{string.Join('\n', lines)}");
    }
}
