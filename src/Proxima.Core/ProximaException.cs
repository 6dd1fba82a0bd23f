namespace Proxima.Core;

/// <summary>
/// An error with a cure: the message names the key, tensor or file:line, its value, what was expected and what to do.
/// The command line prints it without a stack trace and exits with <see cref="ExitCode"/>.
/// </summary>
public class ProximaException : Exception
{
    public ProximaException(ExitCode exitCode, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
    }

    public ExitCode ExitCode { get; }
}
