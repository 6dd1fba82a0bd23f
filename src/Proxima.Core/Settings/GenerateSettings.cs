namespace Proxima.Core.Settings;

/// <summary>Where prompts come from and answers go.</summary>
[ArgumentGroup("Prompts and answers")]
public sealed record GenerateSettings
{
    [Argument("prompts: .jsonl or .jsonl.gz with src and tgt, or .txt with a prompt a line", Default = "the words behind the arguments; without any, a chat")]
    public string? PromptsFile { get; init; }

    [Argument("system message of prompts that bring none")]
    public string? System { get; init; }

    [Argument("file for the answers, one JSON object a prompt; - is standard output", Default = "plain text on standard output")]
    public string? OutputFile { get; init; }

    [Argument("seed of the sampling")]
    [Bounds(AtLeast = 0)]
    public long Seed { get; init; } = 42;
}
