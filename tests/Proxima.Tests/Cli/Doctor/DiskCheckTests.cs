using Proxima.Cli.Doctor;
using Proxima.Core;
using TemporaryFolder = Proxima.TestSupport.TemporaryFolder;

namespace Proxima.Tests.Cli.Doctor;

public sealed class DiskCheckTests
{
    [Fact]
    public void A_folder_that_is_not_there_yet_is_measured_where_it_would_be_and_nothing_stays()
    {
        using TemporaryFolder folder = new();

        Check check = DiskCheck.Of(folder.At("runs/first"));

        Assert.Matches($@"^{folder.FullPath}: [0-9.]+ GB free(, written at [0-9.]+ GB/s)?$", check.Detail);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.FullPath));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_has_a_cure()
    {
        Check check = DiskCheck.Of("/proc/runs");

        Assert.False(check.Passed);
        Assert.NotEmpty(check.Cure);
    }

    [Theory]
    [InlineData(0.2e9, false, "/runs: 0.2 GB free, written at 0.31 GB/s")]
    [InlineData(2e9, true, "/runs: 2.0 GB free, written at 0.31 GB/s")]
    public void Too_little_room_fails(double free, bool passes, string detail)
    {
        Check check = DiskCheck.Judge("/runs", free, bytesPerSecond: 0.31e9);

        Assert.Equal((passes, detail), (check.Passed, check.Detail));
        Assert.Contains("save_total_limit", check.Cure, StringComparison.Ordinal);
    }
}
