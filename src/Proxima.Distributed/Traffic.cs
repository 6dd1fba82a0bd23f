namespace Proxima.Distributed;

/// <summary>
/// Bytes that a rank sends, by collective, as the algorithms count them that move the least: in a ring of n ranks, n − 1 of n parts for an
/// all-gather, an exchange, a reduce-scatter and a broadcast, and twice that for an all-reduce (Patarasuk and Yuan 2009). What an engine moves may differ.
/// </summary>
public sealed class Traffic
{
    private readonly SortedDictionary<string, long> _bytes = new(StringComparer.Ordinal);

    /// <summary>Bytes of each collective, under its name.</summary>
    public IReadOnlyDictionary<string, long> Bytes => _bytes;

    /// <summary>Bytes of all collectives.</summary>
    public long Total => _bytes.Values.Sum();

    internal void Add(string collective, long bytes) => _bytes[collective] = _bytes.GetValueOrDefault(collective) + bytes;
}
