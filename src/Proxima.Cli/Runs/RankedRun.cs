using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Distributed;

namespace Proxima.Cli.Runs;

/// <summary>How a command joins the other ranks, and how an error on one of them ends all.</summary>
internal static class RankedRun
{
    private static readonly TimeSpan LeadOfTheFirst = TimeSpan.FromSeconds(1);

    /// <summary>Joins the ranks, runs, and leaves them.</summary>
    /// <param name="console">where an error is told</param>
    /// <param name="run">the command on this rank</param>
    /// <returns>its exit code</returns>
    public static ExitCode Run(CommandConsole console, Func<ICommunicator, ExitCode> run)
    {
        ICommunicator ranks = Launch.OfProcess().Start();
        if (ranks.Size == 1)
        {
            return run(ranks);
        }

        try
        {
            ExitCode exitCode = run(ranks);
            ranks.Dispose();
            return exitCode;
        }
#pragma warning disable CA1031 // Whatever it is: the other ranks would wait for this one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ExitCode exitCode = ErrorReport.Write(exception, console, $"rank {ranks.Rank}: ");
            ranks.Abort((int)exitCode);
            return exitCode;
        }
    }

    /// <summary>
    /// Before the ranks are joined all of them meet the same mistakes of a command line. The first tells them; the others wait a moment, in
    /// which the launcher ends them.
    /// </summary>
    public static void LetTheFirstSpeak()
    {
        if (Launch.OfProcess().Rank > 0)
        {
            Thread.Sleep(LeadOfTheFirst);
        }
    }

    /// <summary>What a log says of the ranks and of what they divide; nothing of one alone.</summary>
    public static IEnumerable<string> Lines(ICommunicator ranks, MachineSettings machine)
    {
        if (ranks.Size > 1)
        {
            yield return $"ranks: {ranks.Description}";
        }

        if (machine.Sharding != Sharding.None)
        {
            yield return $"sharding: {EnumText.Of(machine.Sharding)} in groups of {machine.ShardingParallelDegree ?? ranks.Size}";
        }
    }

    /// <summary>Groups of ranks divide all ranks evenly.</summary>
    /// <exception cref="ProximaException">they do not</exception>
    public static void RequireGroups(MachineSettings machine, int ranks)
    {
        if (machine.Sharding != Sharding.None && machine.ShardingParallelDegree is int degree && ranks % degree != 0)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"sharding_parallel_degree = {degree}, but the run has {ranks} {(ranks == 1 ? "rank" : "ranks")}: expected a number that divides them. "
                + "Change it, leave it out for all ranks, or start another number of ranks.");
        }
    }

    /// <summary>For commands that run as one process.</summary>
    /// <exception cref="ProximaException">several were started</exception>
    public static void RequireOneRank(string command)
    {
        if (Launch.OfProcess() is { Size: > 1 } launch)
        {
            throw new ProximaException(
                ExitCode.Usage, $"proxima {command} was started as {launch.Size} processes by {launch.Launcher}. It runs as one; proxima ppo, sft and reward run as many.");
        }
    }
}
