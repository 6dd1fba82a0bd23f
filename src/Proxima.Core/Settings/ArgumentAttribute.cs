namespace Proxima.Core.Settings;

/// <summary>
/// Marks a property as an argument of the command line and of the config file. Its name there is the property's in snake_case.
/// </summary>
/// <param name="help">one line for <c>--help</c>: meaning, unit, and what the default means where that is not plain</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArgumentAttribute(string help) : Attribute
{
    public string Help { get; } = help;
}
