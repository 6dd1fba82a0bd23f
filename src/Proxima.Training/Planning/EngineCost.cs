namespace Proxima.Training.Planning;

/// <summary>What generation takes.</summary>
/// <param name="Pack">seconds to take over the weights, once a rollout</param>
/// <param name="PromptToken">seconds to read a token of a prompt</param>
/// <param name="Step">seconds of a step: a token of each response that is written at the same time</param>
/// <param name="Width">how many these are</param>
public sealed record EngineCost(double Pack, double PromptToken, double Step, int Width)
{
    /// <summary>Seconds of a rollout whose responses are all of one length.</summary>
    /// <param name="promptTokens">tokens of all prompts</param>
    /// <param name="responses">number of responses</param>
    /// <param name="newTokens">tokens of each</param>
    public double Seconds(double promptTokens, double responses, double newTokens) =>
        Pack + (promptTokens * PromptToken) + (responses / Width * newTokens * Step);

    /// <summary>A part of each.</summary>
    internal EngineCost Times(double factor) => new(Pack * factor, PromptToken * factor, Step * factor, Width);

    /// <summary>Of two parts one after the other.</summary>
    internal EngineCost Plus(EngineCost other) => new(Pack + other.Pack, PromptToken + other.PromptToken, Step + other.Step, Width);
}
