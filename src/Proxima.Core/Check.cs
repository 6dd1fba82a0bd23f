namespace Proxima.Core;

/// <summary>One thing that <c>proxima doctor</c> looked at.</summary>
/// <param name="Name">what</param>
/// <param name="Passed">whether it serves</param>
/// <param name="Detail">what was found</param>
/// <param name="Cure">what to do when it does not serve</param>
public sealed record Check(string Name, bool Passed, string Detail, string? Cure = null);
