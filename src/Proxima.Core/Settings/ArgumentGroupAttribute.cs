namespace Proxima.Core.Settings;

/// <summary>The heading under which <c>--help</c> lists the arguments of a settings record.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ArgumentGroupAttribute(string title) : Attribute
{
    public string Title { get; } = title;
}
