using System.Reflection;

namespace Proxima.Core;

/// <summary>Which build this is.</summary>
public static class ProductVersion
{
    private const int ShortCommitLength = 7;

    private static readonly string[] Parts =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);

    /// <summary>Such as "0.1.0".</summary>
    public static string Number { get; } = Parts[0];

    /// <summary>The commit it was built from; null when it was built outside a repository.</summary>
    public static string? Commit { get; } = Parts.Length > 1 ? Parts[1] : null;

    /// <summary>Number and short commit.</summary>
    public static string Text { get; } =
        Commit is null ? Number : $"{Number} ({Commit[..Math.Min(ShortCommitLength, Commit.Length)]})";
}
