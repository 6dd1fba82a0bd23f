namespace Proxima.Core.Runs;

/// <summary>Names of files and folders that are still being written: hidden, beside the final one, never mistaken for it.</summary>
internal static class TemporaryName
{
    private const string Mark = ".partial-";

    /// <summary>A new name beside <paramref name="path"/>.</summary>
    public static string Beside(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"'{path}' has no folder above it", nameof(path));
        return Path.Combine(folder, $".{Path.GetFileName(full)}{Mark}{Guid.NewGuid():N}");
    }

    /// <summary>Whether a file or folder is one that a stopped process left behind.</summary>
    public static bool IsOne(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith('.') && name.Contains(Mark, StringComparison.Ordinal);
    }
}
