using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Proxima.Core;

namespace Proxima.Distributed.Mpi;

/// <summary>
/// Waits for a collective with a limit of time. When it is over, the ranks that wait tell each other so; who says nothing
/// is named.
/// </summary>
internal sealed unsafe partial class Waiting(nint communicator, MpiHandles handles, IReadOnlyList<int> worldRanks, int rank)
{
    /// <summary>Seconds that a collective may last.</summary>
    public const string LimitVariable = "PROXIMA_COLLECTIVE_TIMEOUT_S";

    private const double UsualLimitSeconds = 1800;
    private const int HereTag = 7;
    private const uint PauseMicroseconds = 50;

    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan TimeToAgree = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _limit = UsualLimit();
    private CancellationToken _hurry;
    private long _number;

    /// <summary>[ranks of the group] their numbers among all ranks.</summary>
    public IReadOnlyList<int> WorldRanks => worldRanks;

    /// <summary>Until the result is disposed the others have 20 seconds once a stop is asked for, whether that was before a wait or comes within it.</summary>
    public IDisposable Hurry(CancellationToken stop)
    {
        _hurry = stop;
        return new Hurrying(this);
    }

    /// <summary>Waits.</summary>
    /// <param name="what">the collective, for messages</param>
    /// <param name="request">its request</param>
    /// <returns>MPI's error code</returns>
    /// <exception cref="ProximaException">the time is over</exception>
    public int For(string what, nint* request)
    {
        _number++;
        long started = Stopwatch.GetTimestamp();
        TimeSpan limit = _limit;
        bool isHurried = false;
        while (true)
        {
            int isDone = 0;
            int code = MpiFunctions.Test(request, &isDone, handles.NoStatus);
            if (code != 0 || isDone != 0)
            {
                return code;
            }

            TimeSpan waited = Stopwatch.GetElapsedTime(started);
            if (!isHurried && _hurry.IsCancellationRequested)
            {
                isHurried = true;
                limit = waited + TimeToAgree < limit ? waited + TimeToAgree : limit;
            }

            if (waited > limit)
            {
                throw new ProximaException(ExitCode.PeerLost, Explain($"{what}, collective {_number}", limit, request));
            }

            // Another rank may need this core.
            _ = waited < Eager ? Yield() : Sleep(PauseMicroseconds);
        }
    }

    /// <summary>The limit that the environment gives, or the usual one.</summary>
    public static TimeSpan UsualLimit()
    {
        string? text = Environment.GetEnvironmentVariable(LimitVariable);
        return text is null or "" ? TimeSpan.FromSeconds(UsualLimitSeconds)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e9 ? TimeSpan.FromSeconds(seconds)
            : throw new ProximaException(ExitCode.Usage, $"{LimitVariable} = {text}: expected seconds above 0. Correct it, or unset it for {UsualLimitSeconds:0}.");
    }

    /// <summary>Finds out who is missing.</summary>
    private string Explain(string what, TimeSpan limit, nint* request)
    {
        TellOthers();
        HashSet<int> heard = Listen(request);
        string[] silent = [.. Enumerable.Range(0, worldRanks.Count).Where(other => other != rank && !heard.Contains(other)).Select(other => $"{worldRanks[other]}")];
        string who = silent switch
        {
            [] => "all ranks are there, but the data does not get through",
            [var one] => $"rank {one} did not come and does not answer",
            _ => $"ranks {string.Join(", ", silent)} did not come and do not answer",
        };
        return $"{what}: not done after {limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s; {who}. The job ends; resume from the last checkpoint. "
            + $"Where ranks are only slow, raise {LimitVariable}.";
    }

    private void TellOthers()
    {
        byte* message = (byte*)NativeMemory.AllocZeroed(1); // stays: the process ends while it may still be on its way
        for (int other = 0; other < worldRanks.Count; other++)
        {
            nint request = 0;
            if (other != rank)
            {
                _ = MpiFunctions.Send(message, 1, handles.Byte, other, HereTag, communicator, &request);
            }
        }
    }

    /// <returns>ranks of the group that wait too</returns>
    private HashSet<int> Listen(nint* request)
    {
        HashSet<int> heard = [];
        byte message = 0;
        long started = Stopwatch.GetTimestamp();
        while (heard.Count < worldRanks.Count - 1 && Stopwatch.GetElapsedTime(started) < TimeToAnswer)
        {
            for (int other = 0; other < worldRanks.Count; other++)
            {
                int isThere = 0;
                if (other != rank && MpiFunctions.Probe(other, HereTag, communicator, &isThere, handles.NoStatus) == 0 && isThere != 0
                    && MpiFunctions.Receive(&message, 1, handles.Byte, other, HereTag, communicator, handles.NoStatus) == 0)
                {
                    heard.Add(other);
                }
            }

            int isDone = 0;
            _ = MpiFunctions.Test(request, &isDone, handles.NoStatus); // lets the messages move
            _ = Sleep(PauseMicroseconds);
        }

        return heard;
    }

    [LibraryImport("libc", EntryPoint = "sched_yield")]
    private static partial int Yield();

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);

    private sealed class Hurrying(Waiting waiting) : IDisposable
    {
        public void Dispose() => waiting._hurry = CancellationToken.None;
    }
}
