using System.Text.RegularExpressions;

namespace Proxima.Text.Markup;

/// <summary>
/// Markup tags of dialogues, such as <c>[&lt;search&gt;]</c> and <c>[&lt;search-res&gt;]</c>. A tag is an atom: text is
/// never cut inside one.
/// </summary>
public static partial class MarkupTags
{
    /// <summary>Where the tags of a text stand, in order, as UTF-16 ranges [start, end).</summary>
    public static IReadOnlyList<(int Start, int End)> Find(string text)
    {
        List<(int, int)> tags = [];
        foreach (ValueMatch match in Tag().EnumerateMatches(text))
        {
            tags.Add((match.Index, match.Index + match.Length));
        }

        return tags;
    }

    /// <summary>
    /// Places where a text may be cut, in order, from 0 to its length: between characters (never inside a surrogate pair)
    /// and never inside a tag. The text between two neighbours is one atom.
    /// </summary>
    public static IReadOnlyList<int> CutPoints(string text)
    {
        List<int> points = new(text.Length + 1) { 0 };
        IReadOnlyList<(int Start, int End)> tags = Find(text);
        int tag = 0;
        for (int i = 0; i < text.Length;)
        {
            if (tag < tags.Count && tags[tag].Start == i)
            {
                i = tags[tag++].End;
            }
            else
            {
                i += char.IsSurrogatePair(text, i) ? 2 : 1;
            }

            points.Add(i);
        }

        return points;
    }

    [GeneratedRegex(@"\[</?[\p{L}\p{N}_.:\-]+>\]", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
