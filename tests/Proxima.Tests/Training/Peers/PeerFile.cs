using System.Text.Json;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>What one program's functions gave: tests/goldens/ppo/PROGRAM.json.</summary>
internal sealed class PeerFile(string program)
{
    /// <summary>Names of the recorded functions.</summary>
    public IReadOnlyList<string> Kinds()
    {
        using JsonDocument document = Open();
        return [.. document.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array).Select(p => p.Name)];
    }

    /// <summary>Checks the cases of a function; "check" tells whether the product offers what a case asks for.</summary>
    /// <returns>the number of cases checked</returns>
    public int ForEach(string kind, Func<PeerCase, bool> check)
    {
        using JsonDocument document = Open();
        int count = 0;
        foreach (JsonElement item in document.RootElement.GetProperty(kind).EnumerateArray())
        {
            using var scope = NewDisposeScope();
            count += check(new PeerCase(item)) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Checks every case of a function.</summary>
    public void ForEach(string kind, Action<PeerCase> check)
    {
        int count = ForEach(kind, item =>
        {
            check(item);
            return true;
        });
        Assert.NotEqual(0, count);
    }

    private JsonDocument Open() => JsonDocument.Parse(File.ReadAllBytes(RepositoryPaths.InRepository("tests", "goldens", "ppo", $"{program}.json")));
}
