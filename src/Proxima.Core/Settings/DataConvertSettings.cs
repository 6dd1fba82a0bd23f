namespace Proxima.Core.Settings;

/// <summary>Arguments of <c>data convert</c>.</summary>
[ArgumentGroup("Convert")]
public sealed record DataConvertSettings
{
    [Argument("the .jsonl file that is written", Default = "required")]
    public string? OutputFile { get; init; }

    [Argument("what the lines are for; auto: as the first row looks")]
    public DataKind To { get; init; } = DataKind.Auto;

    [Argument("column that becomes label, such as answer")]
    public string? LabelColumn { get; init; }

    [Argument("skip, count and report rows that cannot be converted instead of refusing the file")]
    public bool SkipInvalidData { get; init; }
}
