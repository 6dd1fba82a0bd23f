using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text.Normalizers;

/// <summary>The character-wise steps of BERT's normaliser.</summary>
internal static class BertCharacters
{
    /// <summary>What BERT spaces out: the unified ideographs, with the gaps that the official library leaves.</summary>
    private static readonly CodePointSet Ideographs = CodePointSet.OfRanges(
        [
            new(0x3400, 0x4DBF), new(0x4E00, 0x9FFF), new(0xF900, 0xFAFF), new(0x20000, 0x2A6DF),
            new(0x2A700, 0x2B73F), new(0x2B740, 0x2B81F), new(0x2B920, 0x2CEAF), new(0x2F800, 0x2FA1F),
        ]);

    /// <summary>Drops control characters; every white space becomes a space.</summary>
    public static void Clean(Rune rune, StringBuilder text)
    {
        if (rune.Value == 0xFFFD || CharacterKinds.IsControl(rune))
        {
            return;
        }

        text.AppendRune(Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune);
    }

    /// <summary>Puts spaces around each ideograph.</summary>
    public static void SpaceIdeographs(Rune rune, StringBuilder text)
    {
        if (Ideographs.Contains(rune.Value))
        {
            text.Append(' ').AppendRune(rune).Append(' ');
        }
        else
        {
            text.AppendRune(rune);
        }
    }
}
