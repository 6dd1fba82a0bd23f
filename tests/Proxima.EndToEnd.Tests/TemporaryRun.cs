using System.Text.Json;

namespace Proxima.EndToEnd.Tests;

/// <summary>A folder for one test, removed at its end, with helpers to read a run in it.</summary>
internal sealed class TemporaryRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxima-test-");

    public string Folder => _folder.FullName;

    /// <summary>Path below the folder.</summary>
    public string this[params string[] parts] => Path.Combine([_folder.FullName, .. parts]);

    /// <summary>Writes a text file and gives its path.</summary>
    public string Write(string name, string text)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Step → value of one metric of a run folder below this one.</summary>
    public SortedDictionary<int, double> Metric(string run, string name)
    {
        SortedDictionary<int, double> values = [];
        foreach (string line in File.ReadLines(this[run, "metrics.jsonl"]))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty(name, out JsonElement value))
            {
                values.Add(document.RootElement.GetProperty("step").GetInt32(), value.GetDouble());
            }
        }

        return values;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
