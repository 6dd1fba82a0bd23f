using Proxima.Text.Reading;

namespace Proxima.Text.Models;

/// <summary>Reads a BPE model: vocabulary, merges (pairs, or strings "a b") and flags.</summary>
internal static class BpeReader
{
    public static BpeModel Read(JsonField entry, List<string> notes)
    {
        Vocabulary vocabulary = Vocabulary.Read(entry.Field("vocab"));
        var options = new BpeOptions
        {
            UnknownToken = entry.OptionalText("unk_token"),
            ContinuingPrefix = NullIfEmpty(entry.OptionalText("continuing_subword_prefix")),
            EndOfWordSuffix = NullIfEmpty(entry.OptionalText("end_of_word_suffix")),
            FusesUnknown = entry.FlagOr("fuse_unk", false),
            ByteFallback = entry.FlagOr("byte_fallback", false),
            IgnoresMerges = entry.FlagOr("ignore_merges", false),
        };

        if (options.UnknownToken is string unknown && vocabulary.IdOf(unknown) is null)
        {
            notes.Add($"{entry.Path}.unk_token \"{unknown}\" is not in the vocabulary: characters it lacks are dropped");
        }

        if (entry.Optional("dropout") is JsonField dropout && dropout.Number() != 0)
        {
            notes.Add($"{dropout.Path} is ignored: texts are always encoded the same way");
        }

        MergeTable merges = Merges(entry.Field("merges"), vocabulary, options, out bool reachOverSpaces);
        return new BpeModel(vocabulary, merges, options with { MergesReachOverSpaces = reachOverSpaces });
    }

    private static MergeTable Merges(
        JsonField entry, Vocabulary vocabulary, BpeOptions options, out bool reachOverSpaces)
    {
        reachOverSpaces = false;
        JsonField[] merges = [.. entry.ManyItems()];
        var table = new MergeTable(merges.Length);
        int prefixLength = options.ContinuingPrefix?.Length ?? 0;
        int rank = 0;
        foreach (JsonField merge in merges)
        {
            (string left, string right) = Pair(merge);
            if (left.StartsWith("#version", StringComparison.Ordinal) && merge.IsString)
            {
                continue;
            }

            if (right.Length < prefixLength)
            {
                throw merge.Expected("a merge whose right part has the continuing prefix");
            }

            string merged = left + right[prefixLength..];
            reachOverSpaces |= right.StartsWith(SpaceCuttingEncoder.VisibleSpace)
                && !left.EndsWith(SpaceCuttingEncoder.VisibleSpace);
            table.Set(Id(left), Id(right), rank++, Id(merged));

            int Id(string token) => vocabulary.IdOf(token)
                ?? throw merge.Error($"the merge of \"{left}\" and \"{right}\" needs \"{token}\", which the vocabulary lacks");
        }

        return table;
    }

    private static (string Left, string Right) Pair(JsonField merge)
    {
        string[] parts = merge.IsString ? merge.Text().Split(' ') : [.. merge.ManyItems().Select(part => part.Text())];
        return parts is [var left, var right] ? (left, right) : throw merge.Expected("a merge of two tokens");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
