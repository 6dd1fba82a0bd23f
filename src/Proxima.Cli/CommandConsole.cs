using Proxima.Core.Binding;

namespace Proxima.Cli;

/// <summary>Where a command reads and prints: standard output for results, standard error for warnings and errors.</summary>
internal sealed record CommandConsole
{
    private const int WidthOfPipes = 100;
    private const int LeastWidth = 60;
    private const int GreatestWidth = 120;

    public TextReader Input { get; init; } = TextReader.Null;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Columns of a line.</summary>
    public int Width { get; init; } = WidthOfPipes;

    /// <summary>Whether a person watches: output that is drawn anew in place is welcome.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>How titles are set off.</summary>
    public HelpStyle Style { get; init; } = HelpStyle.Plain;

    /// <summary>The console of this process. Colours only on a terminal, and never where NO_COLOR is set.</summary>
    public static CommandConsole OfProcess()
    {
        bool isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new CommandConsole
        {
            Input = Console.In,
            Output = Console.Out,
            Error = Console.Error,
            IsTerminal = !Console.IsOutputRedirected,
            Width = Console.IsOutputRedirected ? WidthOfPipes : Math.Clamp(Console.WindowWidth, LeastWidth, GreatestWidth),
            Style = isColoured ? HelpStyle.Terminal : HelpStyle.Plain,
        };
    }
}
