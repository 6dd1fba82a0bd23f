namespace Proxima.Core.Settings;

/// <summary>16-bit training mode. In snake_case on the command line.</summary>
public enum OptLevel
{
    O1,
    O2,
}
