using System.Text;

namespace Proxima.Text.Normalizers;

/// <summary>NFC, NFD, NFKC or NFKD.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : INormalizer
{
    // The class library throws at this code point, which normalising never changes.
    private const char Refused = '\uFFFE';

    public SourceText Normalize(SourceText source) => source with { Text = Apply(source.Text, form) };

    /// <summary>Normalises valid UTF-16 of any content, in time that grows linearly.</summary>
    public static string Apply(string text, NormalizationForm form)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        string ordered = CombiningMarks.SortLongRuns(text, form);
        return ordered.Contains(Refused, StringComparison.Ordinal)
            ? string.Join(Refused, ordered.Split(Refused).Select(part => part.Normalize(form)))
            : ordered.Normalize(form);
    }
}
