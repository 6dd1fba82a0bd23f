namespace Proxima.Text.PostProcessors;

/// <summary>Fixed ids around the text, in an order given; a null part stands for the text.</summary>
internal sealed class TemplatePostProcessor(IReadOnlyList<int[]?> parts) : IPostProcessor
{
    public List<int> Process(List<int> ids)
    {
        var all = new List<int>(ids.Count + parts.Count);
        foreach (int[]? part in parts)
        {
            all.AddRange(part ?? (IEnumerable<int>)ids);
        }

        return all;
    }
}
