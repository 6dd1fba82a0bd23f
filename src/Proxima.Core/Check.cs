namespace Proxima.Core;

/// <summary>One finding of <c>proxima doctor</c>.</summary>
/// <param name="Name">what was looked at, in a few words</param>
/// <param name="Passed">whether it is as it should be</param>
/// <param name="Detail">what was found</param>
/// <param name="Cure">what to do about it; empty when there is nothing to do</param>
public sealed record Check(string Name, bool Passed, string Detail, string Cure = "");
