namespace Proxima.Generation.Fused;

/// <summary>Pages of one lane: as many as it ever needed at once. For one thread at a time.</summary>
internal sealed class PagePool(PageShape shape) : IDisposable
{
    private readonly List<Page> _all = [];
    private readonly Stack<Page> _free = [];

    public Page Rent()
    {
        if (_free.TryPop(out Page? page))
        {
            page.Holders = 1;
            return page;
        }

        page = new Page(shape.Floats);
        _all.Add(page);
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

    public void Dispose()
    {
        foreach (Page page in _all)
        {
            page.Dispose();
        }
    }
}
