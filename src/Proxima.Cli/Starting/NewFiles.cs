using System.Text;
using Proxima.Cli.Answers;
using Proxima.Core;

namespace Proxima.Cli.Starting;

/// <summary>Files that a command writes for a person to go on with: never in place of one that is there.</summary>
internal static class NewFiles
{
    /// <summary>Fails where one of the files is there already.</summary>
    /// <exception cref="ProximaException">exit code Usage, with the files that are there</exception>
    public static void Require(IReadOnlyList<string> paths)
    {
        string[] there = [.. paths.Where(Path.Exists)];
        if (there.Length > 0)
        {
            throw new ProximaException(ExitCode.Usage, $"{string.Join(", ", there)}: there already, and nothing was written. Give another path, or move what is there.");
        }
    }

    /// <summary>Writes a text whole or not at all.</summary>
    /// <param name="key">the argument that decides where</param>
    /// <param name="path">the file; its folder must exist</param>
    /// <param name="text">its content</param>
    public static void Write(string key, string path, string text)
    {
        OutputFiles.Check(key, path);
        OutputFiles.Write(key, path, file => file.Write(Encoding.UTF8.GetBytes(text)));
    }
}
