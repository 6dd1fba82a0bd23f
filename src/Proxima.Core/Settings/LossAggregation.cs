namespace Proxima.Core.Settings;

/// <summary>How token losses become one number. In snake_case on the command line.</summary>
public enum LossAggregation
{
    Token,
    MicroBatch,
}
