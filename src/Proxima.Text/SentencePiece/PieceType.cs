namespace Proxima.Text.SentencePiece;

/// <summary>The kinds of pieces, numbered as in the file.</summary>
internal enum PieceType
{
    Normal = 1,

    /// <summary>Stands for what the vocabulary lacks.</summary>
    Unknown = 2,

    /// <summary>Invisible, such as the end of a text; never found in a text.</summary>
    Control = 3,

    /// <summary>Always found where its text stands.</summary>
    UserDefined = 4,

    /// <summary>Takes part in merges and is taken apart again.</summary>
    Unused = 5,

    /// <summary>One byte of a character that the vocabulary lacks.</summary>
    Byte = 6,
}
