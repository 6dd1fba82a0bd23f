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
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<PosixSignal> _onFirst;
    private int _signals;

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

    /// <summary>Whether a stop was asked for, here or on another rank.</summary>
    public StopRequest Request { get; } = new();

    /// <summary>Cancelled by the first signal, or when the time is over.</summary>
    public CancellationToken Token => Request.Token;

    /// <summary>The exit code of the first signal; <see cref="ExitCode.Done"/> when none came.</summary>
    public ExitCode Received => Request.ExitCode;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        Request.Dispose();
    }

    private void StopAfter(TimeSpan limit)
    {
        if (limit < TimeSpan.FromMilliseconds(1)) // timers count whole ones: this one has passed already
        {
            Request.Ask(ExitCode.Done);
        }
        else
        {
            Request.AskAfter(limit);
        }
    }

    private void Receive(PosixSignalContext context, ExitCode exitCode)
    {
        context.Cancel = true; // the process goes on
        if (Interlocked.Increment(ref _signals) > 1)
        {
            ProcessEnd.Now((int)exitCode);
        }

        Request.Ask(exitCode);
        _onFirst(context.Signal);
    }
}
