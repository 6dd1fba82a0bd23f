using Proxima.Data.Dialogues;

namespace Proxima.Training;

/// <summary>A dialogue with the ids of its prompt.</summary>
/// <param name="Dialogue">as read</param>
/// <param name="Ids">[P] ids</param>
public sealed record Prompt(Dialogue Dialogue, int[] Ids);
