namespace Proxima.Core.Binding;

/// <summary>A value as it was written, before its type is known.</summary>
/// <param name="Kind">what it looked like</param>
/// <param name="Text">the characters, without quotes</param>
/// <param name="Items">the entries of a list</param>
internal sealed record RawValue(RawValueKind Kind, string Text, IReadOnlyList<RawValue>? Items = null)
{
    /// <summary>A key on the command line without a value behind it.</summary>
    public static RawValue Missing { get; } = new(RawValueKind.Missing, "");

    /// <summary>A JSON null.</summary>
    public static RawValue Null { get; } = new(RawValueKind.Null, "null");

    /// <summary>What was meant, for an error message: texts of a file in quotes.</summary>
    public string Shown => Kind switch
    {
        RawValueKind.Missing => "(no value)",
        RawValueKind.Text => $"\"{Text}\"",
        RawValueKind.List => $"[{string.Join(", ", Items!.Select(item => item.Shown))}]",
        _ => Text.Length == 0 ? "\"\"" : Text,
    };
}
