namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>generate</c>, in the groups that <c>--help</c> shows.</summary>
public sealed record GenerateCommandSettings
{
    public AnsweringSettings Answering { get; init; } = new();

    public GenerateSettings Generate { get; init; } = new();

    public SamplingSettings Sampling { get; init; } = new();
}
