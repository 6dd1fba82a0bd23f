namespace Proxima.Benchmarks.Bench;

/// <summary>A folder with random weights, taken away in the end.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(RandomModelFolder shape)
    {
        Folder = Directory.CreateTempSubdirectory("proxima-bench").FullName;
        shape.Write(Folder);
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
