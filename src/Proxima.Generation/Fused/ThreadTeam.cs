using System.Runtime.ExceptionServices;

namespace Proxima.Generation.Fused;

/// <summary>Threads that stay: they sleep between calls, and the caller's thread is the first of them.</summary>
internal sealed class ThreadTeam : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim[] _starts;
    private readonly CountdownEvent _running = new(1);
    private readonly Exception?[] _failures;
    private Action<int>? _work;

    /// <param name="size">threads, at least 1</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        _failures = new Exception?[size];
        _starts = [.. Enumerable.Range(1, size - 1).Select(_ => new SemaphoreSlim(0))];
        for (int thread = 1; thread < size; thread++)
        {
            int index = thread;
            new Thread(() => Serve(index)) { IsBackground = true, Name = $"fused engine {index}" }.Start();
        }
    }

    /// <summary>Threads.</summary>
    public int Size { get; }

    /// <summary>Runs a piece of work on every thread at once and returns when all are done; rethrows what one of them threw.</summary>
    /// <param name="work">takes the number of the thread</param>
    public void Run(Action<int> work)
    {
        lock (_lock)
        {
            _work = work;
            Array.Clear(_failures);
            _running.Reset(Size);
            foreach (SemaphoreSlim start in _starts)
            {
                start.Release();
            }

            Work(0);
            _running.Wait();
            Exception? failure = _failures.FirstOrDefault(e => e is not (null or OperationCanceledException)) ?? _failures.FirstOrDefault(e => e is not null);
            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _work = null;
            foreach (SemaphoreSlim start in _starts)
            {
                start.Release();
            }
        }
    }

    private void Serve(int thread)
    {
        while (true)
        {
            _starts[thread - 1].Wait();
            if (_work is null)
            {
                return;
            }

            Work(thread);
        }
    }

    private void Work(int thread)
    {
        try
        {
            _work!(thread);
        }
#pragma warning disable CA1031 // nothing is swallowed: Run rethrows it on the caller's thread
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failures[thread] = e;
        }

        _running.Signal();
    }
}
