using Proxima.Text;

namespace Proxima.Data.Examples;

/// <summary>A text with marked ranges → tokens with a mask.</summary>
internal sealed class SegmentEncoder
{
    private readonly Tokenizer _tokenizer;

    public SegmentEncoder(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
    }

    /// <summary>
    /// The tokens of the whole text where every range begins and ends between two of them; else each piece is encoded alone,
    /// so that what stands before a reply is encoded as it is when the model is asked to reply.
    /// </summary>
    /// <returns>[T] ids, and a mask that is true inside the ranges</returns>
    public (int[] Ids, bool[] Mask) Encode(RenderedReplies rendered)
    {
        int[] whole = _tokenizer.Encode(rendered.Text);
        return EncodeWhole(rendered, whole) ?? EncodePieces(rendered);
    }

    private (int[] Ids, bool[] Mask)? EncodeWhole(RenderedReplies rendered, int[] whole)
    {
        bool[] mask = new bool[whole.Length];
        foreach ((int start, int end) in rendered.Replies)
        {
            int? first = TokensBefore(rendered.Text, start, whole);
            int? last = end == rendered.Text.Length ? whole.Length : TokensBefore(rendered.Text, end, whole);
            if (first is null || last is null)
            {
                return null;
            }

            mask.AsSpan(first.Value, last.Value - first.Value).Fill(true);
        }

        return (whole, mask);
    }

    private int? TokensBefore(string text, int end, int[] whole)
    {
        int[] before = _tokenizer.Encode(text[..end]);
        return whole.AsSpan().StartsWith(before) ? before.Length : null;
    }

    private (int[] Ids, bool[] Mask) EncodePieces(RenderedReplies rendered)
    {
        List<int> ids = [];
        List<bool> mask = [];
        int at = 0;
        foreach ((int start, int end) in rendered.Replies)
        {
            Add(rendered.Text[at..start], isReply: false);
            Add(rendered.Text[start..end], isReply: true);
            at = end;
        }

        return ([.. ids], [.. mask]);

        void Add(string piece, bool isReply)
        {
            int[] pieceIds = piece.Length == 0 ? [] : _tokenizer.Encode(piece);
            ids.AddRange(pieceIds);
            mask.AddRange(Enumerable.Repeat(isReply, pieceIds.Length));
        }
    }
}
