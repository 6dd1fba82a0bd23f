using System.Text;

namespace Proxima.Text.Normalizers;

/// <summary>Replaces each character by itself; <paramref name="map"/> writes what it becomes, maybe nothing.</summary>
internal sealed class MappingNormalizer(Action<Rune, StringBuilder> map) : INormalizer
{
    public SourceText Normalize(SourceText source)
    {
        var text = new StringBuilder(source.Text.Length);
        bool startsInput = source.StartsInput;
        bool first = true;
        foreach (Rune rune in source.Text.EnumerateRunes())
        {
            map(rune, text);
            startsInput &= !first || text.Length > 0;
            first = false;
        }

        return new SourceText(text.ToString(), startsInput);
    }
}
