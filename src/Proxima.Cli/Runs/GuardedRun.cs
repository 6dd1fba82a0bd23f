using Proxima.Core;
using Proxima.Core.Runs;

namespace Proxima.Cli.Runs;

/// <summary>How every run that writes a folder ends: done, stopped, or with a folder that cannot be written.</summary>
internal static class GuardedRun
{
    /// <summary>Runs.</summary>
    /// <param name="folder">the run's folder</param>
    /// <param name="stop">what can stop it</param>
    /// <param name="run">does it, from the first file to the last</param>
    /// <returns>done, or the code of the signal that stopped it</returns>
    /// <exception cref="ProximaException">the run failed; also when a file of it cannot be written, as on a full disk</exception>
    public static ExitCode Run(RunFolder folder, StopSignals stop, Action run)
    {
        try
        {
            run();
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return stop.Received;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"output_dir = {folder.FullPath}: a file of the run cannot be written ({exception.Message.TrimEnd('.')}). Every checkpoint that is there is whole. "
                + "Make room or mend the folder, and go on with --resume_from_checkpoint auto.",
                exception);
        }
    }
}
