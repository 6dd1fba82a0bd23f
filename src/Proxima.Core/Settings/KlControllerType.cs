namespace Proxima.Core.Settings;

/// <summary>How the KL coefficient moves. In snake_case on the command line.</summary>
public enum KlControllerType
{
    Fixed,
    Adaptive,
}
