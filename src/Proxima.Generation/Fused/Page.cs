namespace Proxima.Generation.Fused;

/// <summary>Keys and values of 32 tokens in a row, in all layers. Full pages of a prompt are shared by its samples.</summary>
internal sealed unsafe class Page(long floats) : IDisposable
{
    private readonly NativeBuffer _buffer = new(floats * sizeof(float));

    public float* First => _buffer.Floats;

    /// <summary>Sequences that hold it.</summary>
    public int Holders { get; set; } = 1;

    public void CopyFrom(Page other) => Buffer.MemoryCopy(other.First, First, floats * sizeof(float), floats * sizeof(float));

    public void Dispose() => _buffer.Dispose();
}
