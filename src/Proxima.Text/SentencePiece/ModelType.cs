namespace Proxima.Text.SentencePiece;

/// <summary>How a text is cut into pieces, numbered as in the file.</summary>
internal enum ModelType
{
    Unigram = 1,
    Bpe = 2,
}
