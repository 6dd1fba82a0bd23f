namespace Proxima.Models.Weights;

/// <summary>Lists names in a message without filling the screen.</summary>
internal static class NameList
{
    private const int Shown = 10;

    public static string Of(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
