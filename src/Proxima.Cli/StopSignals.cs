using System.Runtime.InteropServices;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Models.Native;

namespace Proxima.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and a limit of time: the first of them asks the run to save and stop, a second signal ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<PosixSignal> _onFirst;
    private int _exitCode;

    /// <summary>For a run that saves what it has.</summary>
    /// <param name="display">told of a signal</param>
    /// <param name="minutes">time after which the run is asked to stop; null: no limit</param>
    public StopSignals(IRunDisplay display, double? minutes)
        : this(signal => display.Note($"{signal}: the run saves and stops; once more ends it at once, without saving"))
    {
        if (minutes is double limit)
        {
            StopAfter(TimeSpan.FromMinutes(limit));
        }
    }

    /// <param name="onFirst">told the first signal, after the token was cancelled</param>
    public StopSignals(Action<PosixSignal> onFirst)
    {
        _onFirst = onFirst;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Receive(context, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Receive(context, ExitCode.Terminated)),
        ];
    }

    /// <summary>Cancelled by the first signal, or when the time is over.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of the first signal; <see cref="ExitCode.Done"/> when none came: a limit of time is what the user asked for.</summary>
    public ExitCode Received => (ExitCode)Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void StopAfter(TimeSpan limit)
    {
        if (limit < TimeSpan.FromMilliseconds(1)) // timers count whole ones: this one has passed already
        {
            _source.Cancel();
        }
        else
        {
            _source.CancelAfter(limit);
        }
    }

    private void Receive(PosixSignalContext context, ExitCode exitCode)
    {
        context.Cancel = true; // the process goes on
        if (Interlocked.CompareExchange(ref _exitCode, (int)exitCode, (int)ExitCode.Done) != (int)ExitCode.Done)
        {
            ProcessEnd.Now((int)exitCode);
        }

        _source.Cancel();
        _onFirst(context.Signal);
    }
}
