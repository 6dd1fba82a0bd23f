using System.Buffers;
using System.Text;
using Proxima.Text.Models;

namespace Proxima.Text.SentencePiece;

/// <summary>
/// The pieces with the largest sum of scores. Sums are of single precision, as SentencePiece's are: ties decide ids.
/// </summary>
internal sealed class UnigramCutter : IPieceCutter
{
    private const float UnknownPenalty = 10;
    private const float UserDefinedMalus = 0.1f;

    private readonly PieceTable _table;
    private readonly TokenTrie _trie = new();
    private readonly float[] _scores;
    private readonly float _unknownScore;

    public UnigramCutter(PieceTable table)
    {
        _table = table;
        Piece[] pieces = [.. Enumerable.Range(0, table.Count).Select(id => table.Of(id)!)]; // Not null: the ids are in range.
        float[] normal = [.. pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score)];
        float best = normal.DefaultIfEmpty(0).Max();
        _unknownScore = normal.DefaultIfEmpty(0).Min() - UnknownPenalty;
        _scores = new float[pieces.Length];
        for (int id = 0; id < pieces.Length; id++)
        {
            Piece piece = pieces[id];
            bool isUserDefined = piece.Type == PieceType.UserDefined;
            _scores[id] = isUserDefined
                ? (Encoding.UTF8.GetByteCount(piece.Text) * best) - UserDefinedMalus // Best for its length, so always taken.
                : piece.Score;
            if (isUserDefined || piece.Type == PieceType.Normal)
            {
                AddOnce(piece.Text, id);
            }
        }
    }

    public void Cut(string text, List<FoundPiece> pieces)
    {
        PathStep[] steps = ArrayPool<PathStep>.Shared.Rent(text.Length + 1);
        FindBestPath(text, steps);
        int first = pieces.Count;
        for (int end = text.Length; end > 0; end = steps[end].Start)
        {
            pieces.Add(new FoundPiece(steps[end].Start, end, steps[end].Id));
        }

        pieces.Reverse(first, pieces.Count - first);
        ArrayPool<PathStep>.Shared.Return(steps);
    }

    private void AddOnce(string text, int id)
    {
        if (_table.TryFind(text, out int found) && found == id)
        {
            _trie.Add(text, id);
        }
    }

    private void FindBestPath(string text, PathStep[] steps)
    {
        Array.Fill(steps, new PathStep(PathStep.Unreached, 0, 0), 0, text.Length + 1);
        for (int start = 0; start < text.Length;)
        {
            int units = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            float scoreHere = steps[start].Score;
            bool knowsCharacter = false;
            int node = TokenTrie.Root;
            for (int at = start; at < text.Length; at++)
            {
                node = _trie.Child(node, text[at]);
                if (node == TokenTrie.None)
                {
                    break;
                }

                int id = _trie.Value(node);
                if (id != TokenTrie.None)
                {
                    Offer(ref steps[at + 1], start, id, _scores[id] + scoreHere);
                    knowsCharacter |= at + 1 - start == units;
                }
            }

            if (!knowsCharacter)
            {
                Offer(ref steps[start + units], start, _table.UnknownId, _unknownScore + scoreHere);
            }

            start += units;
        }
    }

    private static void Offer(ref PathStep step, int start, int id, float score)
    {
        if (step.Start == PathStep.Unreached || score > step.Score)
        {
            step = new PathStep(start, id, score);
        }
    }

    /// <summary>The last piece of the best path to a place.</summary>
    private readonly record struct PathStep(int Start, int Id, float Score)
    {
        public const int Unreached = -1;
    }
}
