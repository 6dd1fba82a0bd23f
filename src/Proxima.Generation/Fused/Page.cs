namespace Proxima.Generation.Fused;

/// <summary>Keys and values of 32 tokens in a row, in all layers. Full pages of a prompt are shared by its samples.</summary>
internal sealed unsafe class Page(byte* first, long bytes)
{
    public byte* First => first;

    /// <summary>Sequences that hold it.</summary>
    public int Holders { get; set; } = 1;

    public void CopyFrom(Page other) => Buffer.MemoryCopy(other.First, First, bytes, bytes);
}
