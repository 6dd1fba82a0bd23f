namespace Proxima.Text.Models;

/// <summary>The vocabulary of a tokenizer and its way to cut a piece into tokens of it.</summary>
internal interface IModel : IPieceEncoder
{
    /// <summary>"BPE", "Unigram", "WordPiece" with what sets it apart, for people.</summary>
    public string Kind { get; }

    public Vocabulary Vocabulary { get; }

    /// <summary>The id for what the vocabulary lacks; null when there is none.</summary>
    public int? UnknownId { get; }
}
