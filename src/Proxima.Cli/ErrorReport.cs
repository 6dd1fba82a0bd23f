using Proxima.Core;

namespace Proxima.Cli;

/// <summary>From an exception to a message and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Writes the message: that of an error with a cure alone, any other with its stack trace.</summary>
    /// <param name="exception">what happened</param>
    /// <param name="console">where it is written</param>
    /// <param name="where">set before it; empty when there is one process</param>
    public static ExitCode Write(Exception exception, CommandConsole console, string where = "")
    {
        console.Error.WriteLine(exception is ProximaException ? $"{where}error: {exception.Message}" : $"{where}internal error: {exception}");
        console.Error.Flush();
        return exception is ProximaException { ExitCode: var exitCode } ? exitCode : ExitCode.Internal;
    }
}
