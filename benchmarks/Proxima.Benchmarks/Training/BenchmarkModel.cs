namespace Proxima.Benchmarks.Training;

/// <summary>A model folder to measure: one that exists, or random weights of a named shape.</summary>
internal sealed class BenchmarkModel : IDisposable
{
    private readonly string? _made;

    /// <param name="name">15M, 135M or a folder</param>
    public BenchmarkModel(string name)
    {
        Name = name;
        RandomModelFolder? shape = name switch
        {
            "15M" => RandomModelFolder.FifteenMillion,
            "135M" => RandomModelFolder.HundredThirtyFiveMillion,
            _ => null,
        };
        if (shape is not null)
        {
            _made = Directory.CreateTempSubdirectory("proxima-bench").FullName;
            shape.Write(_made);
        }
    }

    public string Name { get; }

    public string Folder => _made ?? Name;

    public void Dispose()
    {
        if (_made is not null)
        {
            Directory.Delete(_made, recursive: true);
        }
    }
}
