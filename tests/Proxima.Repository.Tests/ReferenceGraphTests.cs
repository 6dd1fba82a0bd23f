using System.Xml.Linq;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>Which project may see which: data flows one way, and no arrow runs back.</summary>
public sealed class ReferenceGraphTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Text"] = ["Core"],
        ["Data"] = ["Core", "Text"],
        ["Numerics"] = [],
        ["Models"] = ["Core", "Numerics"],
        ["Generation"] = ["Core", "Numerics", "Models"],
        ["Distributed"] = ["Core"],
        ["Training"] = ["Core", "Text", "Data", "Numerics", "Models", "Generation", "Distributed"],
        ["Dashboard"] = ["Core"],
        ["Cli"] = ["Core", "Text", "Data", "Numerics", "Models", "Generation", "Distributed", "Training", "Dashboard"],
    };

    private static string[] Projects { get; } =
        [.. Directory.GetFiles(RepositoryPaths.InRepository("src"), "*.csproj", SearchOption.AllDirectories)];

    [Fact]
    public void Every_project_is_in_the_graph()
    {
        Assert.NotEmpty(Projects);
        Assert.All(Projects, project => Assert.Contains(NameOf(project), Allowed.Keys));
    }

    [Fact]
    public void No_project_sees_one_that_it_may_not()
    {
        Assert.All(Projects, project => Assert.Empty(References(project, "ProjectReference").Select(NameOf).Except(Allowed[NameOf(project)])));
    }

    [Theory]
    [InlineData("Core")]
    [InlineData("Text")]
    public void Core_and_Text_use_the_base_class_library_alone(string name)
    {
        Assert.Empty(References(ProjectNamed(name), "PackageReference"));
    }

    [Fact]
    public void TorchSharp_comes_in_by_Numerics_alone_and_never_with_its_native_files()
    {
        Assert.Equal(["Numerics"], Projects.Where(project => References(project, "PackageReference").Contains("TorchSharp")).Select(NameOf));
        XElement torchSharp = XDocument.Load(ProjectNamed("Numerics")).Descendants("PackageReference").Single(item => (string?)item.Attribute("Include") == "TorchSharp");
        Assert.Contains("native", (string?)torchSharp.Attribute("ExcludeAssets"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(RepositoryPaths.InRepository("Proxima.slnx"));

        Assert.All(RepositoryFiles.WithEnding(".csproj"), project => Assert.Contains($"\"{RepositoryFiles.Relative(project)}\"", solution, StringComparison.Ordinal));
    }

    private static string ProjectNamed(string name) => Projects.Single(project => NameOf(project) == name);

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path).Replace("Proxima.", "", StringComparison.Ordinal);

    private static string[] References(string project, string kind) =>
        [.. XDocument.Load(project).Descendants(kind).Select(item => (string)item.Attribute("Include")!)];
}
