namespace Proxima.Dashboard.Web;

/// <summary>The files of the page, kept in the assembly: nothing is fetched from elsewhere, so it works without a network.</summary>
internal static class PageFiles
{
    /// <summary>Path of a request → name and type of the file; there are no others.</summary>
    public static IReadOnlyDictionary<string, (string Name, string Type)> All { get; } = new Dictionary<string, (string, string)>
    {
        ["/"] = ("index.html", "text/html; charset=utf-8"),
        ["/style.css"] = ("style.css", "text/css; charset=utf-8"),
        ["/main.js"] = ("main.js", "text/javascript; charset=utf-8"),
        ["/store.js"] = ("store.js", "text/javascript; charset=utf-8"),
        ["/chart.js"] = ("chart.js", "text/javascript; charset=utf-8"),
        ["/curves.js"] = ("curves.js", "text/javascript; charset=utf-8"),
        ["/samples.js"] = ("samples.js", "text/javascript; charset=utf-8"),
        ["/phases.js"] = ("phases.js", "text/javascript; charset=utf-8"),
        ["/settings.js"] = ("settings.js", "text/javascript; charset=utf-8"),
        ["/health.js"] = ("health.js", "text/javascript; charset=utf-8"),
        ["/texts.js"] = ("texts.js", "text/javascript; charset=utf-8"),
        ["/icon.svg"] = ("icon.svg", "image/svg+xml"),
    };

    /// <summary>The bytes of a file.</summary>
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
