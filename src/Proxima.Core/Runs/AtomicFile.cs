using System.Text;

namespace Proxima.Core.Runs;

/// <summary>Files that appear whole or not at all, also when the process or the machine stops in between.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file under another name, forces it to the disk and renames it. An older file stays until then.</summary>
    /// <param name="path">where the file appears; its folder must exist</param>
    /// <param name="write">writes the content</param>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = TemporaryName.Beside(path);
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes a text as UTF-8 without a mark.</summary>
    public static void WriteText(string path, string text) => Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
}
