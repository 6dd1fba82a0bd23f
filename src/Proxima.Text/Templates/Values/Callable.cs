namespace Proxima.Text.Templates.Values;

/// <summary>Something that a template can call.</summary>
internal abstract class Callable
{
    public abstract object? Call(Arguments arguments);
}
