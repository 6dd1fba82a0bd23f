namespace Proxima.Core.Settings;

/// <summary>When something periodic happens. In snake_case on the command line.</summary>
public enum IntervalStrategy
{
    Steps,
    Epoch,
    No,
}
