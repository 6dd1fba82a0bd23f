namespace Proxima.Training.Planning;

/// <summary>What one pass through a model, or a part of it, takes.</summary>
/// <param name="Seconds">time</param>
/// <param name="Kept">bytes that a forward pass leaves for the backward pass; 0 without gradients</param>
/// <param name="Transient">bytes beside these at the highest</param>
public sealed record PassCost(double Seconds, double Kept, double Transient)
{
    /// <summary>Bytes at the highest.</summary>
    public double Bytes => Kept + Transient;

    /// <summary>Of several layers of a kind: they work one after the other, and keep their activations side by side.</summary>
    /// <param name="layers">times as many layers</param>
    /// <param name="seconds">times as long for each</param>
    /// <param name="tokens">times as many tokens</param>
    public PassCost Scaled(double layers, double seconds, double tokens) => new(Seconds * layers * seconds, Kept * layers * tokens, Transient * tokens);
}
