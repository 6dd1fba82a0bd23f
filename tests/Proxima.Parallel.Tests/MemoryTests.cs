using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

/// <summary>Live bytes of a rank, as the kernel counts pages, fall as ZeRO promises.</summary>
public sealed partial class MemoryTests
{
    private const long Page = 4096;
    private static readonly Dictionary<string, string> Usual = [];

    [Theory]
    [InlineData(2, "None")]
    [InlineData(2, "Stage1")]
    [InlineData(2, "Stage2")]
    [InlineData(2, "Stage3")]
    [InlineData(4, "Stage3")]
    public async Task Each_stage_divides_what_it_says(int ranks, string stage)
    {
        string model = RepositoryPaths.Shared("models", "stories260k");
        CommandResult result = (await Mpirun.WorkerAsync(MpiName.OpenMpi, ranks, Usual, "memory", model, stage)).Expect(0);

        MatchCollection lines = Line().Matches(result.Output);
        Assert.Equal(ranks, lines.Count);
        Assert.All(lines, line => AssertMemory(name => long.Parse(line.Groups[name].Value, CultureInfo.InvariantCulture), ranks, stage));
    }

    private static void AssertMemory(Func<string, long> bytes, int ranks, string stage)
    {
        long whole = bytes("model");
        long part = ((whole / ranks / Page) + 1) * Page; // parts are whole pages
        long layer = bytes("layer");
        long rest = whole - (layer * bytes("layers")); // embedding, head, norms: one block of their own
        long edges = 4 * Page; // of a buffer's part, which shares its first and last page
        Assert.InRange(bytes("moments"), 0, (stage == "None" ? whole : part) + edges);
        Assert.InRange(bytes("sums"), 0, (stage == "None" ? 0 : part) + edges);
        bool dividesGradients = stage is "Stage2" or "Stage3";
        long layerEdges = bytes("layers") * 2 * Page; // pages that layers share with their neighbours
        Assert.InRange(bytes("gradients"), 0, dividesGradients ? edges + layerEdges : whole + edges);
        Assert.InRange(bytes("mostGradients"), 0, dividesGradients ? layer + rest + edges + layerEdges : whole + edges);
        Assert.InRange(bytes("weights"), 0, stage == "Stage3" ? part + rest + edges + layerEdges : whole + edges);
        Assert.InRange(bytes("mostWeights"), 0, stage == "Stage3" ? part + layer + rest + edges + layerEdges : whole + edges);
        Assert.InRange(bytes("frozen"), 0, stage == "Stage3" ? part + edges : 0);
        Assert.InRange(bytes("scoring"), stage == "Stage3" ? whole : 0, stage == "Stage3" ? whole + edges : 0);
        if (!dividesGradients)
        {
            Assert.InRange(bytes("mostGradients"), whole, whole + edges); // what is measured does show whole buffers
        }
    }

    [GeneratedRegex("rank [0-9]+: model (?<model>[0-9]+) moments (?<moments>[0-9]+) gradients (?<gradients>[0-9]+) most (?<mostGradients>[0-9]+) sums (?<sums>[0-9]+) weights (?<weights>[0-9]+) most (?<mostWeights>[0-9]+) layer (?<layer>[0-9]+) layers (?<layers>[0-9]+) frozen (?<frozen>[0-9]+) scoring (?<scoring>[0-9]+);")]
    private static partial Regex Line();
}
