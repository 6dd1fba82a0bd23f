namespace Proxima.Core;

/// <summary>That a run is to stop at the next boundary, and with which exit code: a signal's, or done when its time is over.</summary>
public sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private int _exitCode;

    /// <summary>Cancelled when a stop was asked for.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of the first signal; <see cref="ExitCode.Done"/> when none came: a limit of time is what the user asked for.</summary>
    public ExitCode ExitCode => (ExitCode)Volatile.Read(ref _exitCode);

    /// <summary>Asks for a stop; the exit code that was given first stays.</summary>
    /// <param name="exitCode">what the run is to end with</param>
    public void Ask(ExitCode exitCode)
    {
        Interlocked.CompareExchange(ref _exitCode, (int)exitCode, (int)ExitCode.Done);
        _source.Cancel();
    }

    /// <summary>Asks for a stop after some time.</summary>
    public void AskAfter(TimeSpan time) => _source.CancelAfter(time);

    public void Dispose() => _source.Dispose();
}
