namespace Proxima.Core.Runs;

/// <summary>
/// Keeps a run's folder for one process: a second one would remove what the first is just writing. The system gives it back when the
/// process ends, however it does.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string Name = ".lock";
    private const int WouldBlock = 11;
    private const int SharingViolation = 32;

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Makes the folder this process's own.</summary>
    /// <exception cref="ProximaException">another process has it</exception>
    public static RunLock Take(string folder) => new(Open(folder, FileShare.None, FileOptions.DeleteOnClose));

    /// <summary>Looks whether another process has the folder, and changes nothing. Several processes may look at once, as the ranks of a run do.</summary>
    /// <exception cref="ProximaException">one has</exception>
    public static void RefuseIfTaken(string folder)
    {
        if (File.Exists(Path.Combine(folder, Name)))
        {
            Open(folder, FileShare.ReadWrite, FileOptions.None).Dispose();
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Open(string folder, FileShare share, FileOptions options)
    {
        try
        {
            return new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 1, options);
        }
        catch (IOException exception) when ((exception.HResult & 0xFFFF) is WouldBlock or SharingViolation)
        {
            throw new ProximaException(
                ExitCode.Usage, $"output_dir = {folder} is in use by another run. Wait for its end or stop it, or give another output_dir.", exception);
        }
    }
}
