namespace Proxima.Text.Decoders;

/// <summary>Joins word pieces: a piece without the continuing prefix begins a new word.</summary>
internal static class WordPieceText
{
    private static readonly (string Found, string Instead)[] Cleanup =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <param name="prefix">Marks a piece that continues a word.</param>
    /// <param name="tightens">Whether spaces before punctuation and English contractions are taken out.</param>
    public static MappingDecoder Decoder(string prefix, bool tightens) => tightens
        ? new MappingDecoder((token, index) => Tighten(Join(token, index, prefix)))
        : new MappingDecoder((token, index) => Join(token, index, prefix));

    private static string Join(string token, int index, string prefix)
    {
        if (index == 0)
        {
            return token;
        }

        return token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
    }

    private static string Tighten(string token)
    {
        foreach ((string found, string instead) in Cleanup)
        {
            token = token.Replace(found, instead, StringComparison.Ordinal);
        }

        return token;
    }
}
