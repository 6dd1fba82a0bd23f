namespace Proxima.Text.Normalizers;

/// <summary>Takes white space off one end of a text, or off both.</summary>
internal sealed class TrimNormalizer : INormalizer
{
    public bool Start { get; init; }

    public bool End { get; init; }

    public SourceText Normalize(SourceText source)
    {
        string text = Start ? source.Text.TrimStart() : source.Text;
        bool startsInput = source.StartsInput && text.Length == source.Text.Length;
        return new SourceText(End ? text.TrimEnd() : text, startsInput);
    }
}
