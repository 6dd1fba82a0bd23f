namespace Proxima.Text.Templates.Runtime;

/// <summary>What holds for a rendering as a whole.</summary>
internal sealed class RenderState
{
    public RenderState(TimeProvider clock)
    {
        Clock = clock;
    }

    /// <summary>What <c>strftime_now</c> reads.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Inside <c>{% autoescape true %}</c>: what is printed is escaped for HTML.</summary>
    public bool AutoEscape { get; set; }
}
