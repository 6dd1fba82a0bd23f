namespace Proxima.Core.Settings;

/// <summary>What GAE does across masked slots inside a response. In snake_case on the command line.</summary>
public enum GaeGaps
{
    Carry,
    Zero,
}
