using Microsoft.Win32.SafeHandles;

namespace Proxima.Core.Runs;

/// <summary>Folders that appear whole or not at all, also when the process or the machine stops in between.</summary>
public static class AtomicFolder
{
    /// <summary>Fills a folder under another name, forces every file in it to the disk and renames it.</summary>
    /// <param name="path">where the folder appears; nothing may be there yet, the folder above must exist</param>
    /// <param name="fill">writes the content into the folder whose path it gets</param>
    /// <exception cref="IOException">something is there already</exception>
    public static void Write(string path, Action<string> fill)
    {
        if (Path.Exists(path))
        {
            throw new IOException($"{path} exists already");
        }

        string temporary = Fill(path, fill);
        Directory.Move(temporary, path);
        FolderSync.Flush(FolderAbove(path));
    }

    /// <summary>
    /// The same, and takes the place of an older folder. That is moved aside first and removed last: in between, for the time of two
    /// renames, there is none under the final name.
    /// </summary>
    public static void Replace(string path, Action<string> fill)
    {
        if (!Path.Exists(path))
        {
            Write(path, fill);
            return;
        }

        string temporary = Fill(path, fill);
        string old = TemporaryName.Beside(path);
        Directory.Move(path, old);
        Directory.Move(temporary, path);
        FolderSync.Flush(FolderAbove(path));
        Directory.Delete(old, recursive: true);
    }

    /// <summary>Removes what a stopped process left half written directly below a folder.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (string leftover in Directory.EnumerateFileSystemEntries(folder).Where(TemporaryName.IsOne).ToList())
        {
            if (Directory.Exists(leftover))
            {
                Directory.Delete(leftover, recursive: true);
            }
            else
            {
                File.Delete(leftover);
            }
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
