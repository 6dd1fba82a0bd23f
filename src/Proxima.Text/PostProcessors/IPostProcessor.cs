namespace Proxima.Text.PostProcessors;

/// <summary>Adds the special tokens of a single text to its ids.</summary>
internal interface IPostProcessor
{
    public List<int> Process(List<int> ids);
}
