namespace Proxima.Text.Normalizers;

/// <summary>Puts a text before every stretch that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public SourceText Normalize(SourceText source) =>
        source.Text.Length == 0 ? source : source with { Text = prefix + source.Text };
}
