namespace Proxima.Distributed.Nccl;

/// <summary>What the ranks of a communicator know each other by (NCCL_UNIQUE_ID_BYTES).</summary>
internal unsafe struct NcclUniqueId
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 128;

    private fixed byte _bytes[Size];
}
