using Proxima.Text.Patterns;

namespace Proxima.Text.Normalizers;

/// <summary>Replaces every match of a pattern by a fixed text.</summary>
internal sealed class ReplaceNormalizer(TextMatcher matcher, string content) : INormalizer
{
    public SourceText Normalize(SourceText source)
    {
        bool removesStart = content.Length == 0 && matcher.Find(source.Text, 0) is (0, > 0);
        return new SourceText(matcher.Replace(source.Text, content), source.StartsInput && !removesStart);
    }
}
