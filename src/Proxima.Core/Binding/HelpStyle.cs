namespace Proxima.Core.Binding;

/// <summary>How titles and asides of a help text are set off.</summary>
public sealed class HelpStyle
{
    private const string Bold = "\u001b[1m";
    private const string Dim = "\u001b[2m";
    private const string Normal = "\u001b[0m";

    private readonly bool _isColoured;

    private HelpStyle(bool isColoured) => _isColoured = isColoured;

    /// <summary>Plain text, for files and pipes.</summary>
    public static HelpStyle Plain { get; } = new(isColoured: false);

    /// <summary>Escape codes of a terminal.</summary>
    public static HelpStyle Terminal { get; } = new(isColoured: true);

    public string Title(string text) => Wrapped(text, Bold);

    public string Aside(string text) => Wrapped(text, Dim);

    private string Wrapped(string text, string code) => _isColoured ? code + text + Normal : text;
}
