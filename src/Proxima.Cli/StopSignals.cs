using System.Runtime.InteropServices;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Models.Native;

namespace Proxima.Cli;

/// <summary>Ctrl-C and SIGTERM: the first asks the run to save and stop, a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<PosixSignal> _onFirst;
    private int _exitCode;

    /// <summary>For a run that saves what it has.</summary>
    public StopSignals(IRunDisplay display)
        : this(signal => display.Note($"{signal}: the run saves and stops; once more ends it at once, without saving"))
    {
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

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of the first signal; <see cref="ExitCode.Done"/> before one came.</summary>
    public ExitCode Received => (ExitCode)Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
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
