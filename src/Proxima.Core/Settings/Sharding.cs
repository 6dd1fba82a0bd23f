namespace Proxima.Core.Settings;

/// <summary>ZeRO stage; the empty text on the command line is None. In snake_case on the command line.</summary>
public enum Sharding
{
    None,
    Stage1,
    Stage2,
    Stage3,
}
