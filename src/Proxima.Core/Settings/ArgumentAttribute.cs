namespace Proxima.Core.Settings;

/// <summary>
/// Marks a property as an argument of the command line and of the config file. Its name there is the property's in snake_case.
/// </summary>
/// <param name="help">one line for <c>--help</c>: meaning and unit</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArgumentAttribute(string help) : Attribute
{
    public string Help { get; } = help;

    /// <summary>What <c>--help</c> shows as the default where the value itself does not say it, such as "the actor's".</summary>
    public string? Default { get; init; }
}
