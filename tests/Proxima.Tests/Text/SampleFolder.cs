namespace Proxima.Tests.Text;

/// <summary>A folder with a tokenizer made for one test; gone afterwards.</summary>
internal sealed class SampleFolder : IDisposable
{
    /// <summary>A tokenizer.json of letters a, b, c, the token "ab" and an unknown token; extra entries go in front.</summary>
    public const string SmallModel =
        """
        "model": {"type": "BPE", "unk_token": "<unk>", "vocab": {"<unk>": 0, "a": 1, "b": 2, "c": 3, "ab": 4}, "merges": ["a b"]}
        """;

    public SampleFolder()
    {
        Path = Directory.CreateTempSubdirectory("proxima-tokenizer-").FullName;
    }

    public string Path { get; }

    public SampleFolder With(string name, string content)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), content);
        return this;
    }

    public SampleFolder With(string name, byte[] content)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), content);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
