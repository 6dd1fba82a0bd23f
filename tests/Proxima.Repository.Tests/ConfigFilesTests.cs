using System.Text.Json;
using Proxima.Core.Ppo;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>The runs that ship in config/.</summary>
public sealed class ConfigFilesTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Fact]
    public void Every_config_is_a_run_without_a_mistake_or_a_warning()
    {
        string[] configs = [.. Configs()];

        Assert.Contains(RepositoryPaths.InRepository("config", "stories_happy.json"), configs);
        Assert.All(configs, config => Assert.Empty(PpoSettingsLoader.Load([config]).Warnings));
    }

    [Fact]
    public void Every_config_begins_with_its_cost()
    {
        Assert.All(Configs(), config => Assert.StartsWith("// Cost: ", File.ReadLines(config).First(), StringComparison.Ordinal));
    }

    /// <summary>The files that hold an object; task files hold a list.</summary>
    private static IEnumerable<string> Configs() => Directory.EnumerateFiles(RepositoryPaths.InRepository("config"), "*.json").Where(IsObject);

    private static bool IsObject(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), WithComments);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }
}
