using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.EndToEnd.Tests;

namespace Proxima.Parallel.Tests;

/// <summary><c>mpirun proxima doctor</c>.</summary>
public sealed partial class DoctorTests
{
    [Theory]
    [InlineData(MpiName.OpenMpi, 2)]
    [InlineData(MpiName.Mpich, 3)]
    public async Task Ranks_sum_together_and_the_speed_of_their_network_is_told_once(MpiName mpi, int ranks)
    {
        CommandResult result = (await Mpirun.ProximaAsync(mpi, ranks, "doctor")).Expect(0);

        Match line = Assert.Single(Line().Matches(result.Output).Cast<Match>());
        Assert.Equal($"{ranks}", line.Groups["ranks"].Value);
        Assert.InRange(double.Parse(line.Groups["latency"].Value, CultureInfo.InvariantCulture), 0.1, 100_000);
        Assert.InRange(double.Parse(line.Groups["bandwidth"].Value, CultureInfo.InvariantCulture), 0.001, 1000);
        Assert.Single(result.Output.Split('\n'), text => text == "All 17 checks passed.");
    }

    [GeneratedRegex(@"  ok    ranks +(?<ranks>[0-9]+) ranks, .* on 1 host; an all-reduce sums right: latency (?<latency>[0-9.]+) us, (?<bandwidth>[0-9.]+) GB/s; plan with --ranks \k<ranks> --latency_us \k<latency> --bandwidth_gb_per_s \k<bandwidth>\r?\n")]
    private static partial Regex Line();
}
