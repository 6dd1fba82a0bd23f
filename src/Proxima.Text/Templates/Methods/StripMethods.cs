using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods that take characters away from the ends.</summary>
internal static class StripMethods
{
    public static object? FromArguments(string text, Arguments arguments, Side side) =>
        Strip(text, arguments.Bind("strip", 0, "chars").OptionalText(0), side);

    /// <summary>Without some characters at its ends.</summary>
    /// <param name="text">the text</param>
    /// <param name="characters">what goes; null: white space</param>
    /// <param name="side">at which end</param>
    public static string Strip(string text, string? characters, Side side)
    {
        Meter.Allocate(text.Length);
        Meter.Step(text.Length >> 3);
        HashSet<int>? set = characters is null ? null : [.. CodePoints.ToArray(characters)];
        int start = 0;
        while (side != Side.Right && start < text.Length && Goes(CodePoints.At(text, start), set))
        {
            start += CodePoints.At(text, start) > char.MaxValue ? 2 : 1;
        }

        int end = text.Length;
        while (side != Side.Left && end > start)
        {
            int width = end - 2 >= start && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            if (!Goes(CodePoints.At(text, end - width), set))
            {
                break;
            }

            end -= width;
        }

        return text[start..end];
    }

    public static object? RemovePrefix(string text, Arguments arguments)
    {
        string prefix = arguments.Bind("removeprefix", 1, "prefix").Text(0);
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
    }

    public static object? RemoveSuffix(string text, Arguments arguments)
    {
        string suffix = arguments.Bind("removesuffix", 1, "suffix").Text(0);
        return text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;
    }

    private static bool Goes(int point, HashSet<int>? set) => set is null ? CharacterClasses.IsSpace(point) : set.Contains(point);
}
