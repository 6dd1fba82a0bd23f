using Proxima.Core.Binding;

namespace Proxima.Core.Ppo;

/// <summary>Collects the errors of checks across several arguments.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
internal sealed class SettingsChecks<TRoot>(BoundSettings<TRoot> bound)
    where TRoot : class
{
    private readonly List<SettingsError> _errors = [];

    public IReadOnlyList<SettingsError> Errors => _errors;

    /// <summary>Adds an error unless the condition holds, or one of the arguments could not even be read.</summary>
    /// <param name="holds">the condition</param>
    /// <param name="keys">the arguments it is about</param>
    /// <param name="expected">the condition in words</param>
    /// <param name="cure">what to do, as a sentence</param>
    public void Require(bool holds, IReadOnlyList<string> keys, string expected, string cure)
    {
        if (holds || keys.Any(bound.Failed.Contains))
        {
            return;
        }

        _errors.Add(new SettingsError(
            keys,
            string.Join(", ", keys.Select(key => $"{key} = {bound.TextOf(key)}")),
            string.Join(", ", keys.Select(bound.OriginOf).Distinct()),
            expected,
            cure));
    }
}
