namespace Proxima.Generation.Fused;

/// <summary>A meeting point of threads some microseconds apart: it spins for a while and only then gives up the processor.</summary>
internal sealed class SpinBarrier(int participants)
{
    private const int SpinsBeforeYield = 2000;

    private int _arrived;
    private int _generation;
    private volatile bool _broken;

    /// <summary>Returns when all have come.</summary>
    /// <exception cref="OperationCanceledException">another thread will never come</exception>
    public void Wait()
    {
        if (participants == 1)
        {
            return;
        }

        int generation = Volatile.Read(ref _generation);
        if (Interlocked.Increment(ref _arrived) == participants)
        {
            _arrived = 0;
            Volatile.Write(ref _generation, generation + 1);
            return;
        }

        for (int spins = 0; Volatile.Read(ref _generation) == generation; spins++)
        {
            if (_broken)
            {
                throw new OperationCanceledException("another thread failed");
            }

            if (spins < SpinsBeforeYield)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Sleep(0);
            }
        }
    }

    /// <summary>Frees those who wait, with an exception: the caller failed.</summary>
    public void Break() => _broken = true;
}
