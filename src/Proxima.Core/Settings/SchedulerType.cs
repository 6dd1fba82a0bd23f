namespace Proxima.Core.Settings;

/// <summary>Shape of a learning-rate schedule (numerics section 1). In snake_case on the command line.</summary>
public enum SchedulerType
{
    Linear,
    Cosine,
    Constant,
    ConstantWithWarmup,
    Polynomial,
}
