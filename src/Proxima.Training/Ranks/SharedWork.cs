using System.Text;
using Proxima.Core;
using Proxima.Distributed;

namespace Proxima.Training.Ranks;

/// <summary>
/// Work that the ranks divide: each does its share, and all get all results, in the same order, so that whatever follows is the same on
/// every rank and the same as on one. A stop, a source of rewards that fails, or a number that is not finite, on one rank becomes that of all.
/// </summary>
/// <param name="ranks">the ranks</param>
/// <param name="stop">what asks this rank to stop</param>
public sealed class SharedWork(ICommunicator ranks, StopRequest stop)
{
    private enum Outcome : byte
    {
        Done,
        Stopped,
        RewardSourceFailed,
        NotFinite,
    }

    /// <summary>The ranks.</summary>
    public ICommunicator Ranks => ranks;

    /// <summary>Whether this rank writes the files of the run and speaks for all.</summary>
    public bool Leads => ranks.Rank == 0;

    /// <summary>The work of one process that nothing stops.</summary>
    public static SharedWork Alone() => new(new SingleRank(), new StopRequest());

    /// <summary>Does this rank's share and takes in the others'.</summary>
    /// <typeparam name="T">result of a piece</typeparam>
    /// <param name="what">the results, for messages</param>
    /// <param name="costs">[pieces] how much work each is</param>
    /// <param name="work">pieces → their results, in that order</param>
    /// <param name="format">how a result travels</param>
    /// <returns>[pieces] all results</returns>
    /// <exception cref="OperationCanceledException">this rank or another was asked to stop</exception>
    /// <exception cref="NonFiniteException">a number is not finite, on this rank or another</exception>
    /// <exception cref="ProximaException">the source of rewards failed on this rank or another; or a rank was lost</exception>
    public IReadOnlyList<T> Do<T>(string what, IReadOnlyList<int> costs, Func<int[], IReadOnlyList<T>> work, ResultFormat<T> format)
    {
        int[][] shares = WorkShare.Of(costs, ranks.Size);
        if (ranks.Size == 1)
        {
            return work(shares[0]);
        }

        byte[][] messages = Tell(what, OwnMessage(shares[ranks.Rank], work, format));
        T[] results = new T[costs.Count];
        for (int rank = 0; rank < ranks.Size; rank++)
        {
            using var reader = new BinaryReader(new MemoryStream(messages[rank], 1, messages[rank].Length - 1), Encoding.UTF8);
            foreach (int piece in shares[rank])
            {
                results[piece] = format.Read(reader);
            }
        }

        return results;
    }

    /// <summary>The pieces of work of this rank: as many as any other has, one more or less, and nearly as much work.</summary>
    /// <param name="costs">[pieces] how much work each is</param>
    public int[] Share(IReadOnlyList<int> costs) => WorkShare.Of(costs, ranks.Size)[ranks.Rank];

    /// <summary>The leading rank works and the others wait for it; a stop or a source of rewards that fails becomes that of all.</summary>
    /// <param name="what">the work, for messages</param>
    /// <param name="act">what the leading rank does</param>
    /// <exception cref="OperationCanceledException">this rank or another was asked to stop</exception>
    /// <exception cref="NonFiniteException">a number of the leading rank is not finite</exception>
    /// <exception cref="ProximaException">the source of rewards failed; or a rank was lost</exception>
    public void LeadDo(string what, Action act)
    {
        ArgumentNullException.ThrowIfNull(act);
        if (ranks.Size == 1)
        {
            act();
        }
        else
        {
            Tell(what, Leads ? OwnMessage([0], Acted, ResultFormats.Numbers) : [(byte)Outcome.Done]);
        }

        IReadOnlyList<double> Acted(int[] share)
        {
            act();
            return [];
        }
    }

    /// <summary>Sums numbers over all ranks, in the order of the ranks, so that all get the same bits.</summary>
    public double[] Sum(string what, params double[] numbers)
    {
        double[] sums = new double[numbers.Length];
        foreach (double[] theirs in All(what, numbers))
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += theirs[i];
            }
        }

        return sums;
    }

    /// <summary>The numbers of every rank.</summary>
    public IReadOnlyList<double[]> All(string what, params double[] numbers)
    {
        byte[] own = new byte[numbers.Length * sizeof(double)];
        Buffer.BlockCopy(numbers, 0, own, 0, own.Length);
        return [.. ranks.Exchange(what, own).Select(theirs =>
        {
            double[] copy = new double[numbers.Length];
            Buffer.BlockCopy(theirs, 0, copy, 0, theirs.Length);
            return copy;
        })];
    }

    /// <summary>What the leading rank has decided: for choices that clocks or folders take part in.</summary>
    public string Lead(string what, string own) => Encoding.UTF8.GetString(ranks.Exchange(what, Leads ? Encoding.UTF8.GetBytes(own) : [])[0]);

    /// <summary>The ranks agree at a boundary whether they stop.</summary>
    /// <exception cref="OperationCanceledException">one of them was asked to</exception>
    /// <exception cref="ProximaException">this rank was asked to stop, and the others do not answer</exception>
    public void ThrowIfStopping()
    {
        if (ranks.Size == 1)
        {
            stop.Token.ThrowIfCancellationRequested();
        }
        else
        {
            Tell("agreement to go on", stop.Token.IsCancellationRequested ? Stopped() : [(byte)Outcome.Done]);
        }
    }

    private static byte[] Failed(Outcome outcome, ProximaException exception) => [(byte)outcome, .. Encoding.UTF8.GetBytes(exception.Message)];

    private byte[] Stopped() => [(byte)Outcome.Stopped, (byte)stop.ExitCode];

    private byte[] OwnMessage<T>(int[] share, Func<int[], IReadOnlyList<T>> work, ResultFormat<T> format)
    {
        try
        {
            using var message = new MemoryStream();
            using var writer = new BinaryWriter(message, Encoding.UTF8);
            writer.Write((byte)Outcome.Done);
            foreach (T result in share.Length == 0 ? [] : work(share))
            {
                format.Write(writer, result);
            }

            writer.Flush();
            return message.ToArray();
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Stopped();
        }
        catch (ProximaException exception) when (exception.ExitCode == ExitCode.RewardSource)
        {
            return Failed(Outcome.RewardSourceFailed, exception);
        }
        catch (NonFiniteException exception)
        {
            return Failed(Outcome.NotFinite, exception);
        }
    }

    private byte[][] Tell(string what, byte[] own)
    {
        byte[][] messages = ranks.Exchange(what, own, stop.Token);
        byte[]? stopped = Array.Find(messages, message => message[0] == (byte)Outcome.Stopped);
        if (stopped is not null)
        {
            stop.Ask((ExitCode)stopped[1]);
            stop.Token.ThrowIfCancellationRequested();
        }

        if (TextOf(messages, Outcome.RewardSourceFailed) is { } failed)
        {
            throw new ProximaException(ExitCode.RewardSource, failed);
        }

        return TextOf(messages, Outcome.NotFinite) is { } fault ? throw new NonFiniteException(fault) : messages;
    }

    /// <summary>What the first rank with an outcome says; null when none has it.</summary>
    private static string? TextOf(byte[][] messages, Outcome outcome)
    {
        int rank = Array.FindIndex(messages, message => message[0] == (byte)outcome);
        return rank < 0 ? null : $"rank {rank}: {Encoding.UTF8.GetString(messages[rank].AsSpan(1))}";
    }
}
