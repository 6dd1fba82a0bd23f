namespace Proxima.Generation.Fused;

/// <summary>The pages of one sequence: token p lies in page p ÷ 32.</summary>
internal sealed class PageTable(PagePool pool)
{
    private readonly List<Page> _pages = [];

    public Page this[int page] => _pages[page];

    /// <summary>Makes room for so many tokens.</summary>
    public void Reserve(int tokens)
    {
        while (_pages.Count * PageShape.Tokens < tokens)
        {
            _pages.Add(pool.Rent());
        }
    }

    /// <summary>A table that begins with the same tokens: it shares the full pages and copies the last one, which will be written on.</summary>
    /// <param name="tokens">tokens so far</param>
    public PageTable Fork(int tokens)
    {
        PageTable fork = new(pool);
        int full = tokens / PageShape.Tokens;
        foreach (Page page in _pages.Take(full))
        {
            page.Holders++;
            fork._pages.Add(page);
        }

        if (tokens % PageShape.Tokens != 0)
        {
            Page copy = pool.Rent();
            copy.CopyFrom(_pages[full]);
            fork._pages.Add(copy);
        }

        return fork;
    }

    /// <summary>Gives the pages back.</summary>
    public void Release()
    {
        _pages.ForEach(pool.Return);
        _pages.Clear();
    }
}
