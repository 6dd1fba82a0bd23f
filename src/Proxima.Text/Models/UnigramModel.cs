using System.Buffers;
using System.Text;

namespace Proxima.Text.Models;

/// <summary>Cuts a piece into the tokens whose scores (log-probabilities) have the largest sum.</summary>
internal sealed class UnigramModel : IModel
{
    // How much worse than the worst token a character outside the vocabulary is.
    private const double UnknownPenalty = 10;

    // The value of the unknown token in the trie, next to ids from zero on.
    private const int UnknownToken = int.MaxValue;

    private readonly TokenTrie _trie = new();
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int?[]? _byteIds;

    /// <param name="vocabulary">Tokens and ids; ids run from zero without gaps.</param>
    /// <param name="scores">The score of each id.</param>
    /// <param name="unknownId">The id for what the vocabulary lacks; null: it is dropped.</param>
    /// <param name="byteIds">The ids of the byte tokens (null where one is missing), for unknown characters; null: none.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int? unknownId, int?[]? byteIds)
    {
        Vocabulary = vocabulary;
        UnknownId = unknownId;
        _scores = scores;
        _byteIds = byteIds;
        _unknownScore = scores.DefaultIfEmpty(0).Min() - UnknownPenalty;
        foreach ((string token, int id) in vocabulary.Entries)
        {
            if (token.Length > 0)
            {
                // The unknown token written out counts as unknown text, which joins with its neighbours.
                _trie.Add(token, id == unknownId ? UnknownToken : id);
            }
        }
    }

    public string Kind => _byteIds is null ? "Unigram" : "Unigram (byte fallback)";

    public Vocabulary Vocabulary { get; }

    public int? UnknownId { get; }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        PathStep[] steps = ArrayPool<PathStep>.Shared.Rent(piece.Length + 1);
        FindBestPath(piece, steps);
        int first = ids.Count;
        for (int end = piece.Length; end > 0;)
        {
            int start = steps[end].Start;
            if (steps[end].Id != PathStep.Unknown)
            {
                ids.Add(steps[end].Id);
            }
            else
            {
                while (start > 0 && steps[start].Id == PathStep.Unknown)
                {
                    start = steps[start].Start;
                }

                AddUnknown(piece[start..end], ids);
            }

            end = start;
        }

        ids.Reverse(first, ids.Count - first);
        ArrayPool<PathStep>.Shared.Return(steps);
    }

    /// <summary>Fills in, for each end, the last token of the best path to it.</summary>
    private void FindBestPath(ReadOnlySpan<char> piece, PathStep[] steps)
    {
        Array.Fill(steps, PathStep.Unreached, 0, piece.Length + 1);
        steps[0] = new PathStep(0, PathStep.Unknown, 0);
        for (int start = 0; start < piece.Length;)
        {
            int units = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            double scoreHere = steps[start].Score;
            bool knowsCharacter = false;
            int node = TokenTrie.Root;
            for (int at = start; at < piece.Length; at++)
            {
                node = _trie.Child(node, piece[at]);
                if (node == TokenTrie.None)
                {
                    break;
                }

                int id = _trie.Value(node);
                if (id == UnknownToken)
                {
                    double score = _scores[UnknownId!.Value]; // Not null: the trie has its token.
                    Offer(ref steps[at + 1], start, PathStep.Unknown, scoreHere + score);
                    knowsCharacter |= at + 1 - start == units;
                }
                else if (id != TokenTrie.None)
                {
                    Offer(ref steps[at + 1], start, id, scoreHere + _scores[id]);
                    knowsCharacter |= at + 1 - start == units;
                }
            }

            if (!knowsCharacter)
            {
                Offer(ref steps[start + units], start, PathStep.Unknown, scoreHere + _unknownScore);
            }

            start += units;
        }
    }

    private static void Offer(ref PathStep step, int start, int id, double score)
    {
        if (step.Start < 0 || score > step.Score)
        {
            step = new PathStep(start, id, score);
        }
    }

    /// <summary>Adds the ids of a stretch without tokens, last first.</summary>
    private void AddUnknown(ReadOnlySpan<char> stretch, List<int> ids)
    {
        if (Vocabulary.TryGetId(stretch, out int id))
        {
            ids.Add(id);
        }
        else if (ByteIds(stretch) is int[] bytes)
        {
            Array.Reverse(bytes);
            ids.AddRange(bytes);
        }
        else if (UnknownId is int unknown)
        {
            ids.Add(unknown);
        }
    }

    private int[]? ByteIds(ReadOnlySpan<char> stretch)
    {
        if (_byteIds is null)
        {
            return null;
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(stretch)];
        Encoding.UTF8.GetBytes(stretch, bytes);
        var ids = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (_byteIds[bytes[i]] is not int id)
            {
                return null;
            }

            ids[i] = id;
        }

        return ids;
    }

    /// <summary>The last token of the best path to a place.</summary>
    private readonly record struct PathStep(int Start, int Id, double Score)
    {
        public const int Unknown = -1;

        public static PathStep Unreached { get; } = new(-1, Unknown, 0);
    }
}
