namespace Proxima.Core.Untrusted;

/// <summary>
/// Symbolic links in model folders. A folder from elsewhere could hold one to any file of this machine, which would be read as a part of
/// the model and copied into checkpoints.
/// </summary>
public static class ModelLinks
{
    /// <summary>Refuses a folder with a link that leads out of it.</summary>
    /// <param name="folder">a model folder that exists; it may itself be reached by links</param>
    /// <exception cref="ProximaException">an entry leads outside, or nowhere</exception>
    public static void Check(string folder)
    {
        string root = RealPath(folder) + Path.DirectorySeparatorChar;
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is not null))
        {
            FileSystemInfo? target = Target(entry);
            string leadsTo = target is { Exists: true } ? RealPath(target.FullName) : entry.LinkTarget!; // not null: it is a link
            if (target is not { Exists: true } || !leadsTo.StartsWith(root, StringComparison.Ordinal))
            {
                throw new ProximaException(
                    ExitCode.Data,
                    $"{entry.FullName} is a symbolic link to {leadsTo}, outside its model folder. "
                    + "Where the folder is to be trusted, as the cache of a download tool, give follow_model_links true; else copy the model without links.");
            }
        }
    }

    private static FileSystemInfo? Target(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException)
        {
            return null; // a ring of links
        }
    }

    /// <summary>The path without a symbolic link in it.</summary>
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(Path.GetFullPath(path))!; // not null: the path is absolute
        foreach (string name in Path.GetFullPath(path)[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, name);
            FileSystemInfo? target = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true);
            real = target is null ? next : RealPath(target.FullName);
        }

        return real;
    }
}
