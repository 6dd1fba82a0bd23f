namespace Proxima.TestSupport;

/// <summary>An empty folder that is removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("proxima-test-").FullName;

    /// <summary>Path below the folder.</summary>
    public string At(params string[] parts) => Path.Combine([FullPath, .. parts]);

    /// <summary>Writes a text file below the folder, makes the folders between, and returns its path.</summary>
    public string Write(string relativePath, string text)
    {
        string path = At(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Relative paths of all files and empty folders, sorted.</summary>
    public IReadOnlyList<string> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(FullPath, "*", SearchOption.AllDirectories)
            .Where(entry => File.Exists(entry) || !Directory.EnumerateFileSystemEntries(entry).Any())
            .Select(entry => Path.GetRelativePath(FullPath, entry))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
