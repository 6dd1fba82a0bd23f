using Microsoft.Win32.SafeHandles;

namespace Proxima.Core.Runs;

/// <summary>Folders that appear whole or not at all, also when the process or the machine stops in between.</summary>
public static class AtomicFolder
{
    /// <summary>
    /// Fills a folder under another name, forces every file in it to the disk and renames it. An older folder of the name stays until
    /// then. It is moved aside for the time of two renames; when the process ends just there, <see cref="RemoveLeftovers"/> brings it back.
    /// </summary>
    /// <param name="path">where the folder appears; the folder above must exist</param>
    /// <param name="fill">writes the content into the folder whose path it gets</param>
    /// <param name="beforeItAppears">called when all is on the disk and nothing but the renaming is left</param>
    public static void Replace(string path, Action<string> fill, Action? beforeItAppears = null)
    {
        string temporary = Fill(path, fill);
        beforeItAppears?.Invoke();
        string? aside = Directory.Exists(path) ? TemporaryName.AsideOf(path) : null;
        if (aside is not null)
        {
            Directory.Move(path, aside);
        }

        Directory.Move(temporary, path);
        FolderSync.Flush(FolderAbove(path));
        if (aside is not null)
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Removes a folder, which is gone under its name at once: none is ever there half removed.</summary>
    public static void Delete(string path)
    {
        string temporary = TemporaryName.Beside(path);
        Directory.Move(path, temporary);
        Directory.Delete(temporary, recursive: true);
    }

    /// <summary>Removes what a stopped process left half written or half removed directly below a folder, and brings back what it had moved aside.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (string leftover in Directory.EnumerateFileSystemEntries(folder).ToList())
        {
            if (TemporaryName.PathBefore(leftover) is { } path && !Path.Exists(path))
            {
                Directory.Move(leftover, path);
            }
            else if (TemporaryName.PathBefore(leftover) is not null || TemporaryName.IsPartial(leftover))
            {
                Remove(leftover);
            }
        }
    }

    private static void Remove(string entry)
    {
        if (Directory.Exists(entry))
        {
            Directory.Delete(entry, recursive: true);
        }
        else
        {
            File.Delete(entry);
        }
    }

    private static string Fill(string path, Action<string> fill)
    {
        string temporary = TemporaryName.Beside(path);
        Directory.CreateDirectory(temporary);
        try
        {
            fill(temporary);
            FlushAll(temporary);
            return temporary;
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void FlushAll(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            using SafeFileHandle handle = File.OpenHandle(file);
            RandomAccess.FlushToDisk(handle);
        }

        foreach (string below in Directory.EnumerateDirectories(folder))
        {
            FlushAll(below);
        }

        FolderSync.Flush(folder);
    }

    private static string FolderAbove(string path) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))!;
}
