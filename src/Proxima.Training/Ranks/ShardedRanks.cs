using Proxima.Core.Settings;
using Proxima.Distributed;
using Proxima.Distributed.Nccl;

namespace Proxima.Training.Ranks;

/// <summary>
/// How the ranks hold a model that learns: groups of neighbours divide its state among them (ZeRO; Rajbhandari et al. 2020), and the ranks
/// with the same part in each group hold the same numbers.
/// </summary>
public sealed class ShardedRanks : IDisposable
{
    private ShardedRanks(ICommunicator all, ICommunicator group, ICommunicator replicas, Sharding stage, NcclRanks? onDevice = null) =>
        (All, Group, Replicas, Stage, OnDevice) = (all, group, replicas, stage, onDevice);

    /// <summary>Every rank.</summary>
    public ICommunicator All { get; }

    /// <summary>The ranks that divide one copy among them; this rank alone when nothing is sharded.</summary>
    public ICommunicator Group { get; }

    /// <summary>The ranks that hold the same part as this one.</summary>
    public ICommunicator Replicas { get; }

    /// <summary>What is divided.</summary>
    public Sharding Stage { get; }

    /// <summary>All ranks, for numbers in the memory of their GPUs; null: models are on the CPU, or there is one rank.</summary>
    public NcclRanks? OnDevice { get; }

    /// <summary>Ranks with a GPU each, which hold the same numbers.</summary>
    /// <param name="all">every rank</param>
    /// <param name="onDevice">the same ranks over their GPUs; belongs to the result. null: there is one</param>
    public static ShardedRanks WithDevices(ICommunicator all, NcclRanks? onDevice) => new(all, new SingleRank(), all, Sharding.None, onDevice);

    /// <summary>One rank, which holds everything.</summary>
    public static ShardedRanks Alone()
    {
        var alone = new SingleRank();
        return new ShardedRanks(alone, alone, alone, Sharding.None);
    }

    /// <summary>Groups the ranks as the settings say.</summary>
    /// <param name="all">every rank</param>
    /// <param name="stage">what is divided</param>
    /// <param name="degree">ranks of a group, which divides the number of all; null: all</param>
    public static ShardedRanks Of(ICommunicator all, Sharding stage, int? degree)
    {
        int n = stage == Sharding.None ? 1 : degree ?? all.Size;
        ICommunicator group = n == 1 ? new SingleRank() : all.Split(all.Rank / n);
        ICommunicator replicas = n == 1 ? all : all.Split(all.Rank % n);
        return new ShardedRanks(all, group, replicas, stage);
    }

    public void Dispose()
    {
        OnDevice?.Dispose();
        Group.Dispose();
        if (Replicas != All)
        {
            Replicas.Dispose();
        }
    }
}
