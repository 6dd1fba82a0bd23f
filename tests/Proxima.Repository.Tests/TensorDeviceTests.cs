using System.Text.RegularExpressions;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>A tensor that is made without a device is on the CPU, and an operation that mixes it with one on a GPU is an error.</summary>
public sealed partial class TensorDeviceTests
{
    private static readonly string[] Projects = ["Models", "Numerics", "Generation", "Training"];

    /// <summary>Files whose tensors are the host's, each with the reason.</summary>
    private static readonly Dictionary<string, string> OnHost = new()
    {
        ["ExperienceBuilder.cs"] = "a rollout's grids",
        ["ResponseGrid.cs"] = "their masks",
        ["StepReporter.cs"] = "metrics of them",
        ["LogitRows.cs"] = "the kernels of the CPU",
        ["SafetensorsFile.cs"] = "files",
        ["TorchArchive.cs"] = "files",
        ["GemmRepair.cs"] = "products of the CPU",
        ["FreshWeights.cs"] = "numbers drawn by the host; they are moved",
        ["ModelSlice.cs"] = "plans for a CPU",
        ["ModelCalibration.cs"] = "plans for a CPU",
        ["PlanClock.cs"] = "plans for a CPU",
    };

    [Fact]
    public void Every_tensor_is_made_on_a_device_that_is_named()
    {
        string[] files = [.. Projects.SelectMany(project => Directory.GetFiles(RepositoryPaths.InRepository("src", $"Proxima.{project}"), "*.cs", SearchOption.AllDirectories))];
        string[] made =
        [
            .. from file in files
               where !OnHost.ContainsKey(Path.GetFileName(file))
               from line in File.ReadLines(file).Select((text, index) => (Text: text.Trim(), Number: index + 1))
               let code = line.Text.Split("//")[0]
               where Factory().IsMatch(code) && !Device().IsMatch(code)
               select $"{Path.GetFileName(file)}:{line.Number}: {line.Text}",
        ];

        Assert.Empty(made);
        Assert.All(OnHost.Keys, name => Assert.Contains(files, file => Path.GetFileName(file) == name));
    }

    [GeneratedRegex(@"\bdevice\b", RegexOptions.IgnoreCase)]
    private static partial Regex Device();

    [GeneratedRegex(@"(?<![\w.])(torch\.)?(tensor|zeros|ones|empty|full|arange|linspace|eye|rand|randn|randint)\(")]
    private static partial Regex Factory();
}
