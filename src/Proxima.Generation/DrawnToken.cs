namespace Proxima.Generation;

/// <summary>A token that was drawn.</summary>
/// <param name="Token">its id</param>
/// <param name="LogProb">log-softmax(raw logits ÷ temperature) of it, before every other processor</param>
/// <param name="Entropy">of softmax(raw logits ÷ temperature), in nats</param>
public readonly record struct DrawnToken(int Token, float LogProb, float Entropy);
