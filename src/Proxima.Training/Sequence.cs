using Proxima.Data.Dialogues;

namespace Proxima.Training;

/// <summary>A prompt with its sampled response.</summary>
public sealed record Sequence
{
    /// <summary>Number within the rollout, over all ranks.</summary>
    public required int Index { get; init; }

    /// <summary>The dialogue that the prompt was made of.</summary>
    public required Dialogue Dialogue { get; init; }

    /// <summary>[P] ids.</summary>
    public required int[] Prompt { get; init; }

    /// <summary>[R] ids; the stop token, or the last one of the stop string, that ended it is its last.</summary>
    public required int[] Response { get; init; }

    /// <summary>[R] log-probs as the sampler saw them.</summary>
    public required float[] SamplerLogProbs { get; init; }

    /// <summary>[R] entropies of the distributions that those belong to, in nats.</summary>
    public required float[] SamplerEntropies { get; init; }

    /// <summary>The one definition of finished: a stop token or string ended the response, or nothing but the length was meant to.</summary>
    public required bool Finished { get; init; }

    /// <summary>P + R.</summary>
    public int Length => Prompt.Length + Response.Length;
}
