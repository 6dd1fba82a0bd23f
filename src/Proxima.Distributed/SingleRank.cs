namespace Proxima.Distributed;

/// <summary>A run of one process: nobody to wait for, nothing to send.</summary>
public sealed unsafe class SingleRank : ICommunicator
{
    public int Rank => 0;

    public int Size => 1;

    public string Description => "1 rank";

    public Traffic Traffic { get; } = new();

    public void Barrier(string what)
    {
    }

    public void Broadcast(string what, void* data, long bytes, int root)
    {
    }

    public void AllReduce(string what, float* numbers, long count, Reduction reduction)
    {
    }

    public void ReduceScatter(string what, float* numbers, ReadOnlySpan<long> counts, float* part) =>
        Buffer.MemoryCopy(numbers, part, counts[0] * sizeof(float), counts[0] * sizeof(float));

    public void AllGather(string what, void* data, ReadOnlySpan<long> bytes)
    {
    }

    public byte[][] Exchange(string what, ReadOnlySpan<byte> own, CancellationToken hurry = default) => [own.ToArray()];

    public ICommunicator Split(int group) => this;

    public void Abort(int exitCode) => Environment.Exit(exitCode);

    public void Dispose()
    {
    }
}
