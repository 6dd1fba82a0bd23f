namespace Proxima.Text.Normalizers;

/// <summary>Changes a text before it is cut into pieces.</summary>
internal interface INormalizer
{
    public SourceText Normalize(SourceText source);
}
