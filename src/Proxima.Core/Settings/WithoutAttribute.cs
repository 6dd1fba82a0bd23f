namespace Proxima.Core.Settings;

/// <summary>On a group of a root settings record: arguments of the group that the command does not have.</summary>
/// <param name="names">names of arguments; one that ends in * stands for all that begin so</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithoutAttribute(params string[] names) : Attribute
{
    /// <summary>Whether the command does not have an argument.</summary>
    public bool Covers(string argument) => names.Any(name =>
        name.EndsWith('*') ? argument.StartsWith(name[..^1], StringComparison.Ordinal) : argument == name);
}
