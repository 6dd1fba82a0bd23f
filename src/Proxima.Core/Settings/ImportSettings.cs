namespace Proxima.Core.Settings;

/// <summary>What <c>import-config</c> takes over.</summary>
[ArgumentGroup("Import")]
public sealed record ImportSettings
{
    [Argument("the trainer whose arguments the file holds", Default = "required")]
    public ImportSource? From { get; init; }

    [Argument("the config that is written, a .json file that is not there yet", Default = "required")]
    public string? OutputFile { get; init; }
}
