using Proxima.Text.Models;

namespace Proxima.Text.SentencePiece;

/// <summary>The vocabulary of a SentencePiece model, looked up by text and by id.</summary>
internal sealed class PieceTable
{
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly Dictionary<string, int> _findable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _findableBySpan;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _reservedBySpan;
    private readonly int[] _byteIds = new int[256];

    public PieceTable(IReadOnlyList<Piece> pieces)
    {
        _pieces = pieces;
        for (int id = 0; id < pieces.Count; id++)
        {
            Piece piece = pieces[id];
            bool isFindable = piece.Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused;
            (isFindable ? _findable : _reserved).TryAdd(piece.Text, id);
            LongestFindable = isFindable ? Math.Max(LongestFindable, piece.Text.Length) : LongestFindable;
            if (piece.Type == PieceType.Unknown)
            {
                UnknownId = id;
            }
            else if (piece.Type == PieceType.UserDefined)
            {
                UserDefined.Add(piece.Text, id);
            }
            else if (piece.Type == PieceType.Byte && ByteToken.TryParse(piece.Text, out byte value))
            {
                _byteIds[value] = id;
            }
        }

        _reservedBySpan = _reserved.GetAlternateLookup<ReadOnlySpan<char>>();
        _findableBySpan = _findable.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => _pieces.Count;

    public int UnknownId { get; }

    /// <summary>Units of the longest piece that can be found in a text.</summary>
    public int LongestFindable { get; }

    /// <summary>The pieces that are always found where their text stands.</summary>
    public TokenTrie UserDefined { get; } = new();

    /// <summary>
    /// Whether a text can be cut before visible spaces without changing its pieces: the space is a piece, and none
    /// reaches over such a place.
    /// </summary>
    public bool CanCutAtSpaces => _findable.ContainsKey(SpaceCuttingEncoder.VisibleSpace.ToString())
        && !_findable.Keys.Any(text => SpaceCuttingEncoder.HasCut(text));

    public Piece? Of(int id) => (uint)id < (uint)_pieces.Count ? _pieces[id] : null;

    /// <summary>The id of a piece that can be found in a text.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int id) => _findableBySpan.TryGetValue(text, out id);

    /// <summary>The id of any piece; null when there is none.</summary>
    public int? IdOf(ReadOnlySpan<char> text) =>
        _reservedBySpan.TryGetValue(text, out int id) || _findableBySpan.TryGetValue(text, out id) ? id : null;

    public int IdOfByte(byte value) => _byteIds[value];
}
