using Proxima.Core;
using Proxima.Core.Runs;

namespace Proxima.Cli.Answers;

/// <summary>Result files of commands: whole or not there, and a mistake in their path is one of usage.</summary>
internal static class OutputFiles
{
    /// <summary>Fails early, before long work, where a file cannot be written for want of its folder.</summary>
    /// <param name="key">the argument that names the file</param>
    /// <param name="path">the file</param>
    /// <exception cref="ProximaException">its folder does not exist, or it is a folder itself</exception>
    public static void Check(string key, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder) || Directory.Exists(path))
        {
            throw new ProximaException(ExitCode.Usage, $"{key} = {path}: expected a file in a folder that exists. Make the folder {folder}, or give another path.");
        }
    }

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="ProximaException">it cannot be written</exception>
    public static void Write(string key, string path, Action<Stream> write)
    {
        try
        {
            AtomicFile.Write(path, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Usage, $"{key} = {path} cannot be written: {exception.Message} Give another path.", exception);
        }
    }
}
