namespace Proxima.Text.SentencePiece;

/// <summary>Cuts a normalised text into pieces of the vocabulary and pieces that it lacks.</summary>
internal interface IPieceCutter
{
    public void Cut(string text, List<FoundPiece> pieces);
}
