namespace Proxima.Text.Templates.Values;

/// <summary>A string that is already escaped for HTML: joining it with other text escapes the other text.</summary>
internal sealed class SafeString
{
    public SafeString(string text)
    {
        Text = text;
    }

    public string Text { get; }

    /// <summary>Any value escaped for HTML; a safe string as it is.</summary>
    public static SafeString Escape(object? value) => value as SafeString ?? new SafeString(Escape(PyText.Str(value)));

    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);
}
