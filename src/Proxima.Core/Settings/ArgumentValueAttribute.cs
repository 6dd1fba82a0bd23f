namespace Proxima.Core.Settings;

/// <summary>Spelling of an enum value on the command line where it is not the name in snake_case.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ArgumentValueAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
