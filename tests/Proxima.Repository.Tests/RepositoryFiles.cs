using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>The files of the repository, without what is built or run.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] NotInTheRepository = ["artifacts", "runs", ".git", ".vs", ".idea", "TestResults"];

    /// <summary>Absolute paths of all files with one of these endings.</summary>
    public static IReadOnlyList<string> WithEnding(params string[] endings) => [.. Below(RepositoryPaths.Root, endings).Order(StringComparer.Ordinal)];

    /// <summary>Path from the root of the repository, with slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(RepositoryPaths.Root, path).Replace('\\', '/');

    private static IEnumerable<string> Below(string folder, string[] endings)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(folder).Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)));
        IEnumerable<string> folders = Directory.EnumerateDirectories(folder).Where(below => !NotInTheRepository.Contains(Path.GetFileName(below)));
        return files.Concat(folders.SelectMany(below => Below(below, endings)));
    }
}
