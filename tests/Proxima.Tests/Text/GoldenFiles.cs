using System.IO.Compression;
using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.Tests.Text;

/// <summary>The files of tests/goldens/tokenizers; its README says which program wrote them and what they hold.</summary>
internal static class GoldenFiles
{
    private static readonly Lazy<JsonElement> ManifestRoot = new(() => Read("manifest.json"));

    private static readonly Lazy<string[]> CorpusTexts = new(
        () => [.. Read("corpus.json").EnumerateArray().Select(e => e.GetProperty("s").GetString()!)]);

    private static readonly Lazy<string[]> FuzzTexts = new(() => Read("fuzz.json.gz").Deserialize<string[]>()!);

    public static JsonElement Manifest => ManifestRoot.Value;

    /// <summary>The strings written by hand.</summary>
    public static IReadOnlyList<string> Corpus => CorpusTexts.Value;

    /// <summary>The generated strings.</summary>
    public static IReadOnlyList<string> Fuzz => FuzzTexts.Value;

    public static string PathOf(params string[] parts) =>
        RepositoryPaths.InRepository(["tests", "goldens", "tokenizers", .. parts]);

    public static JsonElement Read(string name)
    {
        using Stream stream = OpenPlain(PathOf(name));
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>Opens a file, unpacking it when its name ends in .gz.</summary>
    public static Stream OpenPlain(string path)
    {
        FileStream file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
