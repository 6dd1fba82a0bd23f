namespace Proxima.Generation.Fused;

/// <summary>Pages of one lane: as many as it ever needed at once. For one thread at a time.</summary>
internal sealed unsafe class PagePool(PageShape shape) : IDisposable
{
    /// <summary>Pages are cut out of pieces of memory of about this size, large enough for huge pages of the system.</summary>
    private const long BytesOfAPiece = 8 << 20;

    private readonly List<NativeBuffer> _pieces = [];
    private readonly Stack<Page> _free = [];

    public Page Rent()
    {
        if (_free.Count == 0)
        {
            AddPiece();
        }

        Page page = _free.Pop();
        page.Holders = 1;
        return page;
    }

    /// <summary>One holder less; the last one frees the page.</summary>
    public void Return(Page page)
    {
        page.Holders--;
        if (page.Holders == 0)
        {
            _free.Push(page);
        }
    }

    public void Dispose() => _pieces.ForEach(piece => piece.Dispose());

    private void AddPiece()
    {
        long count = Math.Max(1, BytesOfAPiece / shape.Bytes);
        NativeBuffer piece = new(count * shape.Bytes);
        _pieces.Add(piece);
        for (long i = count - 1; i >= 0; i--)
        {
            _free.Push(new Page(piece.First + (i * shape.Bytes), shape.Bytes));
        }
    }
}
