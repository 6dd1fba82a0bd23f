namespace Proxima.Core.Settings;

/// <summary>What <c>compare</c> writes.</summary>
[ArgumentGroup("Comparison")]
public sealed record CompareSettings
{
    [Argument("an .html file for table, curves and differing settings, whole in itself")]
    public string? ReportFile { get; init; }
}
