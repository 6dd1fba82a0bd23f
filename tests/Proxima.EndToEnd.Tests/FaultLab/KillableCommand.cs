using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Proxima.EndToEnd.Tests.FaultLab;

/// <summary>A training command whose phases are watched, and which can be killed in any of them as by a loss of power: kill −9.</summary>
internal sealed partial class KillableCommand : IDisposable
{
    private readonly Action<Process> _kill;
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<string> _lines = [];

    /// <param name="start">the command with --verbose true, its output redirected</param>
    /// <param name="kill">kills it; it may have ended just before</param>
    public KillableCommand(ProcessStartInfo start, Action<Process> kill)
    {
        _kill = kill;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits for the n-th phase that the run enters (or for its start where it is at its end already), then for some time, and kills it.</summary>
    /// <returns>step and phase that it was in; null when it ended by itself before</returns>
    public async Task<string?> KillAsync(int phases, bool isAtItsEnd, TimeSpan delay)
    {
        string phase = "start";
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            _lines.Add(line);
            if (PhaseLine().Match(line) is { Success: true } match)
            {
                phase = match.Groups[1].Value;
                phases--;
            }

            if (phases == 0 || (isAtItsEnd && line.StartsWith("going on from", StringComparison.Ordinal)))
            {
                await Task.Delay(delay, TestContext.Current.CancellationToken);
                break;
            }
        }

        bool isKilled = phases <= 0 || isAtItsEnd;
        if (isKilled)
        {
            _kill(_process);
        }

        string rest = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string last = PhaseLine().Matches(rest) is [.., var later] ? later.Groups[1].Value : phase;
        const int Signal = 9; // what mpirun of MPICH gives as it is
        Assert.True(_process.ExitCode is 0 or Signal or 128 + Signal, $"exit code {_process.ExitCode}\n{string.Join('\n', _lines)}\n{rest}\n{await _error}");
        return _process.ExitCode == 0 ? null : last;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex("^step [0-9]+: ([a-z]+)$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PhaseLine();
}
