using Proxima.Distributed;

namespace Proxima.Parallel.Worker;

/// <summary>Four ranks in pairs: neighbours, and those two apart.</summary>
internal static unsafe class GroupChecks
{
    public static void Run(ICommunicator ranks)
    {
        using ICommunicator neighbours = ranks.Split(ranks.Rank / 2);
        using ICommunicator apart = ranks.Split(ranks.Rank % 2);
        float number = ranks.Rank;
        neighbours.AllReduce("neighbours", &number, 1, Reduction.Sum);
        CollectiveChecks.Require(number == (ranks.Rank < 2 ? 1 : 5), "sum of neighbours");
        apart.AllReduce("apart", &number, 1, Reduction.Sum);
        CollectiveChecks.Require(number == 6, "sum of all");
        CollectiveChecks.Require(neighbours.Rank == ranks.Rank % 2 && apart.Rank == ranks.Rank / 2 && apart.Size == 2, "ranks of the groups");
        Console.WriteLine($"rank {ranks.Rank}: groups right");
    }
}
