namespace Proxima.Data.Tasks;

/// <summary>A data file of a task and how often it is drawn from.</summary>
/// <param name="FilePath">path of an existing file</param>
/// <param name="Weight">share of the draws, in (0, 1]; the weights of a task add up to 1</param>
public sealed record TaskSource(string FilePath, double Weight);
