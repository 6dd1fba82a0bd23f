namespace Proxima.Generation;

/// <summary>One sampled response.</summary>
/// <param name="Tokens">[R] the new tokens; the stop token, or the last one of the stop string, that ended the response is its last</param>
/// <param name="LogProbs">[R] log-softmax(raw logits ÷ temperature) of each token, before every other processor</param>
/// <param name="Entropies">[R] of the distributions that the log-probs belong to, in nats</param>
/// <param name="Stopped">whether a stop token or string ended it</param>
public sealed record SampledResponse(int[] Tokens, float[] LogProbs, float[] Entropies, bool Stopped);
