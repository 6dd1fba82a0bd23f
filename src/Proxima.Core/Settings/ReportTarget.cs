namespace Proxima.Core.Settings;

/// <summary>Where metrics go besides metrics.jsonl. In snake_case on the command line.</summary>
public enum ReportTarget
{
    Tensorboard,
    None,
}
