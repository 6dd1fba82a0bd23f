namespace Proxima.Text.PreTokenizers;

/// <summary>Whether a stretch of a piece is what a splitter looks for.</summary>
internal enum StretchKind
{
    Gap,
    Match,
}
