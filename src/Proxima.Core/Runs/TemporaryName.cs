namespace Proxima.Core.Runs;

/// <summary>Names of files and folders that are still being written: hidden, beside the final one, never mistaken for it.</summary>
internal static class TemporaryName
{
    private const string Mark = ".partial-";
    private const string AsideMark = ".aside-";

    /// <summary>A new name beside <paramref name="path"/>, for what is being written or removed.</summary>
    public static string Beside(string path) => Beside(path, Mark);

    /// <summary>A new name beside <paramref name="path"/>, for what makes room for its successor.</summary>
    public static string AsideOf(string path) => Beside(path, AsideMark);

    /// <summary>Whether a file or folder is one that a stopped process left half written or half removed.</summary>
    public static bool IsPartial(string path) => IsMarked(path, Mark);

    /// <summary>The path that something made room at; null when the name is not of that kind.</summary>
    public static string? PathBefore(string path) => IsMarked(path, AsideMark)
        ? Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path)[1..].Split(AsideMark)[0]) // not null: it has a name
        : null;

    private static string Beside(string path, string mark)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"'{path}' has no folder above it", nameof(path));
        return Path.Combine(folder, $".{Path.GetFileName(full)}{mark}{Guid.NewGuid():N}");
    }

    private static bool IsMarked(string path, string mark)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith('.') && name.Contains(mark, StringComparison.Ordinal);
    }
}
