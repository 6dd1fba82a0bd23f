using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text.Normalizers;

/// <summary>NFC, NFD, NFKC or NFKD.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : INormalizer
{
    private const int FirstUntouched = 0x32FF;

    // The class library throws at this code point, which normalising never changes.
    private static readonly CodePointSet Refused = CodePointSet.Of(0xFFFE);

    private static readonly CodePointSet UntouchedByDecomposition = Refused.Union(UnicodeHistory.NewerDecompositions);

    private static readonly CodePointSet UntouchedByCompatibility =
        UntouchedByDecomposition.Union(UnicodeHistory.NewerCompatibilityDecompositions);

    public SourceText Normalize(SourceText source) => source with { Text = Apply(source.Text, form) };

    /// <summary>Normalises valid UTF-16 of any content, in time that grows linearly.</summary>
    public static string Apply(string text, NormalizationForm form)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        string ordered = CombiningMarks.SortLongRuns(text, form);
        CodePointSet untouched = form switch
        {
            NormalizationForm.FormC => Refused,
            NormalizationForm.FormD => UntouchedByDecomposition,
            _ => UntouchedByCompatibility,
        };

        // Untouched characters neither decompose nor compose, so what lies between them can be normalised by itself.
        StringBuilder? result = null;
        int done = 0;
        int at = 0;
        foreach (Rune rune in ordered.EnumerateRunes())
        {
            if (rune.Value >= FirstUntouched && untouched.Contains(rune.Value))
            {
                result ??= new StringBuilder(ordered.Length);
                result.Append(ordered[done..at].Normalize(form)).Append(rune.ToString());
                done = at + rune.Utf16SequenceLength;
            }

            at += rune.Utf16SequenceLength;
        }

        return result is null ? ordered.Normalize(form) : result.Append(ordered[done..].Normalize(form)).ToString();
    }
}
