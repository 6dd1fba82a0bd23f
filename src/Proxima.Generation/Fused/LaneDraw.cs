namespace Proxima.Generation.Fused;

/// <summary>A token to be drawn.</summary>
/// <param name="Row">the response it belongs to</param>
/// <param name="Pages">of the response; those of the prompt for its first token</param>
/// <param name="Logits">place of the logits in the step</param>
/// <param name="IsFirst">whether the response begins with it</param>
internal readonly record struct LaneDraw(SamplingRow Row, PageTable Pages, int Logits, bool IsFirst);
