namespace Proxima.Text.Models;

/// <summary>Turns one piece of text into ids.</summary>
internal interface IPieceEncoder
{
    public void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
