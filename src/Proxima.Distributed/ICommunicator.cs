namespace Proxima.Distributed;

/// <summary>
/// The ranks of a run and what they do together. Every rank calls the same collectives in the same order; buffers stay the caller's.
/// A rank that does not come within the limit of time, or is gone, is an error with exit code 6 that names the collective and the rank.
/// </summary>
public unsafe interface ICommunicator : IDisposable
{
    /// <summary>This rank, from 0.</summary>
    public int Rank { get; }

    /// <summary>Ranks there are.</summary>
    public int Size { get; }

    /// <summary>The engine and how many ranks it joins, for the log.</summary>
    public string Description { get; }

    /// <summary>What this rank has sent.</summary>
    public Traffic Traffic { get; }

    /// <summary>Returns when all ranks have called it.</summary>
    /// <param name="what">what it is for, for messages</param>
    public void Barrier(string what);

    /// <summary>Gives every rank the bytes of one.</summary>
    /// <param name="what">what they are, for messages</param>
    /// <param name="data">[bytes]</param>
    /// <param name="bytes">the same on all ranks</param>
    /// <param name="root">whose bytes they are</param>
    public void Broadcast(string what, void* data, long bytes, int root);

    /// <summary>Puts the sum or the extreme over all ranks in place of each number. All ranks get the same bits.</summary>
    /// <param name="what">what they are, for messages</param>
    /// <param name="numbers">[count]</param>
    /// <param name="count">the same on all ranks</param>
    /// <param name="reduction">how the numbers of all ranks become one</param>
    public void AllReduce(string what, float* numbers, long count, Reduction reduction);

    /// <summary>Sums numbers over all ranks; each rank receives one part of the sums.</summary>
    /// <param name="what">what they are, for messages</param>
    /// <param name="numbers">[Σ counts]; unchanged</param>
    /// <param name="counts">[ranks] numbers of each rank's part; the parts lie one after the other</param>
    /// <param name="part">[counts[rank]] receives the sums of this rank's part</param>
    public void ReduceScatter(string what, float* numbers, ReadOnlySpan<long> counts, float* part);

    /// <summary>Fills a buffer of which each rank holds one part.</summary>
    /// <param name="what">what it is, for messages</param>
    /// <param name="data">[Σ bytes]; this rank's part is there, the others are received</param>
    /// <param name="bytes">[ranks] bytes of each rank's part; the parts lie one after the other</param>
    public void AllGather(string what, void* data, ReadOnlySpan<long> bytes);

    /// <summary>Gives every rank what each has to tell.</summary>
    /// <param name="what">what it is, for messages</param>
    /// <param name="own">this rank's bytes, of any number</param>
    /// <param name="hurry">once it is cancelled the others have 20 seconds to come; else as long as for any collective</param>
    /// <returns>[ranks] the bytes of each rank</returns>
    public byte[][] Exchange(string what, ReadOnlySpan<byte> own, CancellationToken hurry = default);

    /// <summary>Divides the ranks into groups, in the order of their ranks.</summary>
    /// <param name="group">ranks that give the same number, from 0, are in one group</param>
    /// <returns>the group that this rank is in</returns>
    public ICommunicator Split(int group);

    /// <summary>Ends the processes of all ranks at once.</summary>
    /// <param name="exitCode">what the launcher is to end with</param>
    public void Abort(int exitCode);
}
