namespace Proxima.Core.Settings;

/// <summary>Estimator of the KL divergence of a token from lp and ref. In snake_case on the command line.</summary>
public enum KlEstimator
{
    K1,
    K2,
    K3,
}
