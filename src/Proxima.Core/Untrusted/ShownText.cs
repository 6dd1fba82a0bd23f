namespace Proxima.Core.Untrusted;

/// <summary>Texts from files and servers, as they are shown in messages.</summary>
public static class ShownText
{
    private const int MaxCharacters = 100;

    /// <summary>The text, or its beginning.</summary>
    public static string Of(string text) => text.Length <= MaxCharacters ? text : text[..MaxCharacters] + "…";
}
