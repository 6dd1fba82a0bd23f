namespace Proxima.Text.Templates.Formatting;

/// <summary>The flag # of formats: prefixes of other bases, and the zeros that g would drop.</summary>
internal enum Alternate
{
    No,
    Yes,
}
