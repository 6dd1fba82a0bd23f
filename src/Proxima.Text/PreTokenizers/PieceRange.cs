namespace Proxima.Text.PreTokenizers;

/// <summary>A piece of a text: UTF-16 units from <paramref name="Start"/> up to, and without, <paramref name="End"/>.</summary>
internal readonly record struct PieceRange(int Start, int End);
