namespace Proxima.Core.Runs;

/// <summary>Keeps a run's folder for one process: a second one would remove what the first is just writing. The system gives it back when the process ends, however it does.</summary>
internal sealed class RunLock : IDisposable
{
    private const string Name = ".lock";
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="ProximaException">another process has it</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            return new RunLock(new FileStream(
                Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException exception) when ((exception.HResult & 0xFFFF) is WouldBlock or 32)
        {
            throw new ProximaException(
                ExitCode.Usage, $"output_dir = {folder} is in use by another run. Wait for its end or stop it, or give another output_dir.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
