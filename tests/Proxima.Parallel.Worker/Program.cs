using System.Globalization;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Distributed.Mpi;
using Proxima.Parallel.Worker;
using Proxima.Training.Ranks;

// What the tests start under mpirun: one rank of a small program. The first word says which.
const int SmallPiece = 1000; // so that buffers of a few thousand numbers go in several pieces
MpiCommunicator ranks = MpiCommunicator.Start(MpiLibrary.Load(Launch.OfProcess()), args[0] == "memory" ? 1 << 28 : SmallPiece);
try
{
    switch (args[0])
    {
        case "collectives":
            CollectiveChecks.Run(ranks);
            break;
        case "groups":
            GroupChecks.Run(ranks);
            break;
        case "nccl":
            NcclChecks.Run(ranks, args[1]);
            break;
        case "memory":
            MemoryChecks.Run(ranks, args[1], Enum.Parse<Sharding>(args[2]));
            break;
        case "missing" when ranks.Rank == 1:
            Thread.Sleep(Timeout.Infinite);
            break;
        case "missing":
            ranks.Barrier("a meeting");
            break;
        case "stopping" when ranks.Rank == 1:
            Thread.Sleep(Timeout.Infinite);
            break;
        case "stopping":
            using (var stop = new StopRequest())
            {
                stop.AskAfter(TimeSpan.FromSeconds(double.Parse(args[1], CultureInfo.InvariantCulture)));
                new SharedWork(ranks, stop).ThrowIfStopping();
            }

            break;
        case "failing" when ranks.Rank == 1:
            throw new ProximaException(ExitCode.Numerical, "this rank fails");
        case "failing":
            ranks.Barrier("a meeting");
            break;
        default:
            throw new ArgumentException($"unknown program {args[0]}");
    }

    ranks.Dispose();
    return 0;
}
catch (ProximaException exception)
{
    Console.Error.WriteLine($"rank {ranks.Rank}: {exception.Message}");
    ranks.Abort((int)exception.ExitCode);
    return (int)exception.ExitCode;
}
