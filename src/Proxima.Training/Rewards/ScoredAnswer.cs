using Proxima.Data.Dialogues;

namespace Proxima.Training.Rewards;

/// <summary>What a reward function looks at.</summary>
/// <param name="Dialogue">the dialogue as it was read, with its label where it has one</param>
/// <param name="Text">the answer, special tokens left out</param>
/// <param name="TokenCount">tokens of the answer, the stop token included</param>
public sealed record ScoredAnswer(Dialogue Dialogue, string Text, int TokenCount);
