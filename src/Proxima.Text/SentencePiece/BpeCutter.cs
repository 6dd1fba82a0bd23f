namespace Proxima.Text.SentencePiece;

/// <summary>
/// Merges neighbouring symbols whose joint text is a piece, best score first, leftmost first among equals; user-defined
/// pieces stand from the start and never merge. Pieces marked unused take part and are taken apart at the end.
/// </summary>
internal sealed class BpeCutter(PieceTable table) : IPieceCutter
{
    private const int None = -1;

    public void Cut(string text, List<FoundPiece> pieces)
    {
        List<Symbol> symbols = Symbols(text);
        var work = new Work(text, table, symbols);
        for (int i = 0; i + 1 < symbols.Count; i++)
        {
            work.Offer(i, i + 1);
        }

        work.MergeAll();
        for (int index = symbols.Count > 0 ? 0 : None; index != None; index = work[index].Next)
        {
            work.AddPieces(work[index].Start, work[index].End, pieces);
        }
    }

    private List<Symbol> Symbols(string text)
    {
        var symbols = new List<Symbol>(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int end = start + table.UserDefined.Longest(text.AsSpan(start), out _);
            bool isFrozen = end > start;
            if (!isFrozen)
            {
                end = start + (char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1);
            }

            int index = symbols.Count;
            symbols.Add(new Symbol(start, end, index - 1, end < text.Length ? index + 1 : None, isFrozen));
            start = end;
        }

        return symbols;
    }

    /// <summary>A stretch of the text and its neighbours by index; an empty one has been merged away.</summary>
    private record struct Symbol(int Start, int End, int Previous, int Next, bool IsFrozen);

    /// <summary>The order of merges: highest score first, then leftmost.</summary>
    private readonly record struct Priority(float Score, int Left) : IComparable<Priority>
    {
        public int CompareTo(Priority other)
        {
            int byScore = other.Score.CompareTo(Score);
            return byScore != 0 ? byScore : Left.CompareTo(other.Left);
        }
    }

    /// <summary>The merging of one text.</summary>
    private sealed class Work(string text, PieceTable table, List<Symbol> symbols)
    {
        private readonly PriorityQueue<(int Left, int Right, int Length), Priority> _agenda = new(symbols.Count);

        // Where an unused piece, by its text, was put together.
        private readonly Dictionary<string, int> _seams = new(StringComparer.Ordinal);

        public Symbol this[int index] => symbols[index];

        public void Offer(int left, int right)
        {
            if (left == None || right == None || symbols[left].IsFrozen || symbols[right].IsFrozen)
            {
                return;
            }

            int start = symbols[left].Start;
            int length = symbols[right].End - start;
            if (length > table.LongestFindable || !table.TryFind(text.AsSpan(start, length), out int id))
            {
                return;
            }

            Piece piece = table.Of(id)!; // Not null: the id was found.
            _agenda.Enqueue((left, right, length), new Priority(piece.Score, left));
            if (piece.Type == PieceType.Unused)
            {
                _seams[piece.Text] = symbols[left].End - start;
            }
        }

        public void MergeAll()
        {
            while (_agenda.TryDequeue(out (int Left, int Right, int Length) pair, out _))
            {
                Symbol left = symbols[pair.Left];
                Symbol right = symbols[pair.Right];
                if (left.Start == left.End || right.Start == right.End || right.End - left.Start != pair.Length
                    || left.End != right.Start)
                {
                    continue; // One of the two has been merged since.
                }

                symbols[pair.Left] = left with { End = right.End, Next = right.Next };
                symbols[pair.Right] = right with { End = right.Start };
                if (right.Next != None)
                {
                    symbols[right.Next] = symbols[right.Next] with { Previous = pair.Left };
                }

                Offer(left.Previous, pair.Left);
                Offer(pair.Left, right.Next);
            }
        }

        /// <summary>Adds a stretch as one piece, or as the parts of an unused one.</summary>
        public void AddPieces(int start, int end, List<FoundPiece> pieces)
        {
            var waiting = new Stack<(int Start, int End)>([(start, end)]);
            while (waiting.TryPop(out (int Start, int End) stretch))
            {
                ReadOnlySpan<char> piece = text.AsSpan(stretch.Start, stretch.End - stretch.Start);
                int id = table.IdOf(piece) ?? table.UnknownId;
                bool isUnused = table.Of(id) is { Type: PieceType.Unused };
                if (isUnused && _seams.TryGetValue(piece.ToString(), out int seam))
                {
                    waiting.Push((stretch.Start + seam, stretch.End));
                    waiting.Push((stretch.Start, stretch.Start + seam));
                }
                else
                {
                    pieces.Add(new FoundPiece(stretch.Start, stretch.End, id));
                }
            }
        }
    }
}
