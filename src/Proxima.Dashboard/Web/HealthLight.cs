namespace Proxima.Dashboard.Web;

/// <summary>One sign of how a run does.</summary>
/// <param name="Id">which sign; the page has its explanation and what to do in each language</param>
/// <param name="Level">its colour</param>
/// <param name="Value">the number that decides: the mean over the last steps</param>
/// <param name="Start">what it is compared with, where it is: the mean over the first steps, or the best so far</param>
public sealed record HealthLight(string Id, HealthLevel Level, double? Value = null, double? Start = null);
