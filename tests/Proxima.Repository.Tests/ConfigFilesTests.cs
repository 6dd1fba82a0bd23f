using System.Text.Json;
using Proxima.Core.Ppo;
using Proxima.Core.Stages;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>The runs that ship in config/ and beside the samples.</summary>
public sealed class ConfigFilesTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] RewardsOfSamples = ["quatrain", "all_rules"];

    [Fact]
    public void Every_config_is_a_run_without_a_mistake_or_a_warning()
    {
        string[] configs = [.. Configs()];

        Assert.Contains(RepositoryPaths.InRepository("config", "stories_happy.json"), configs);
        Assert.All(configs, config => Assert.Empty(Warnings(config)));
    }

    [Fact]
    public void Every_config_begins_with_its_cost()
    {
        Assert.All(Configs(), config => Assert.StartsWith("// Cost: ", File.ReadLines(config).First(), StringComparison.Ordinal));
    }

    /// <summary>Loads a config as the command does that it is for, which its name tells.</summary>
    private static IReadOnlyList<string> Warnings(string config)
    {
        string name = Path.GetFileNameWithoutExtension(config);
        return name.EndsWith("sft", StringComparison.Ordinal) ? StageSettingsLoader.LoadSft([config]).Warnings
            : name.EndsWith("reward", StringComparison.Ordinal) ? StageSettingsLoader.LoadReward([config]).Warnings
            : PpoSettingsLoader.Load([config], RewardsOfSamples).Warnings;
    }

    /// <summary>The files that hold an object; task files hold a list.</summary>
    internal static IEnumerable<string> Configs() =>
        new[] { RepositoryPaths.InRepository("config"), RepositoryPaths.InRepository("samples", "Proxima.Quatrain") }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")).Where(IsObject);

    private static bool IsObject(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path), WithComments);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }
}
