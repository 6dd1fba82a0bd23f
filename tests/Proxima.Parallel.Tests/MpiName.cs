namespace Proxima.Parallel.Tests;

/// <summary>The implementations that the tests start.</summary>
public enum MpiName
{
    OpenMpi,
    Mpich,
}
