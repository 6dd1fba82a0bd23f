namespace Proxima.Text.PreTokenizers;

/// <summary>Cuts pieces further, or rewrites them, before the model sees them.</summary>
internal interface IPreTokenizer
{
    public void Apply(PieceList pieces);
}
