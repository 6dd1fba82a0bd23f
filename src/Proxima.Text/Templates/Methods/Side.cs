namespace Proxima.Text.Templates.Methods;

/// <summary>At which end of a string a method works.</summary>
internal enum Side
{
    Left,
    Right,
    Both,
}
