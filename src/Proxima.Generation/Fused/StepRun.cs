namespace Proxima.Generation.Fused;

/// <summary>Tokens of one sequence in a step, one after the other.</summary>
/// <param name="Pages">of the sequence, with room for these tokens</param>
/// <param name="FirstRow">row of the first token in the step</param>
/// <param name="FirstPosition">its place in the sequence</param>
/// <param name="Count">tokens</param>
internal readonly record struct StepRun(PageTable Pages, int FirstRow, int FirstPosition, int Count);
