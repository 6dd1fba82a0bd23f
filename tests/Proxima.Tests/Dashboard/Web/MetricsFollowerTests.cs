using Proxima.Dashboard.Web;
using Proxima.TestSupport;

namespace Proxima.Tests.Dashboard.Web;

public sealed class MetricsFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.At("metrics.jsonl");

    [Fact]
    public void Lines_are_taken_as_they_come_and_half_a_line_waits()
    {
        var metrics = new MetricsFollower(FilePath);
        Assert.False(metrics.Refresh());

        File.WriteAllText(FilePath, "{\"step\":1,\"a\":0.5,\"b\":null}\n{\"step\":2,\"a\":1");
        Assert.True(metrics.Refresh());
        Assert.Equal([0.5f], metrics.Series["a"].Values);
        Assert.Equal([float.NaN], metrics.Series["b"].Values);

        File.AppendAllText(FilePath, ".5}\n{\"step\":2,\"eval/c\":7}\n");
        Assert.True(metrics.Refresh());
        Assert.Equal([0.5f, 1.5f], metrics.Series["a"].Values);
        Assert.Equal([1, 2], metrics.Series["a"].Steps);
        Assert.Equal([2], metrics.Series["eval/c"].Steps);
        Assert.Equal((3, 2), (metrics.LineCount, metrics.LastStep));
        Assert.False(metrics.Refresh());
    }

    [Fact]
    public void Points_since_a_line_are_found_in_each_metric()
    {
        File.WriteAllText(FilePath, "{\"step\":1,\"a\":1}\n{\"step\":1,\"b\":2}\n{\"step\":2,\"a\":3}\n");
        var metrics = new MetricsFollower(FilePath);
        metrics.Refresh();

        Assert.Equal([0, 1, 1, 2], Enumerable.Range(0, 4).Select(metrics.Series["a"].FirstSince));
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(metrics.Series["b"].FirstSince));
    }

    [Fact]
    public void A_file_that_a_resumed_run_has_shortened_is_read_anew()
    {
        File.WriteAllText(FilePath, "{\"step\":1,\"a\":1}\n{\"step\":2,\"a\":2}\n{\"step\":3,\"a\":3}\n");
        var metrics = new MetricsFollower(FilePath);
        metrics.Refresh();

        File.WriteAllText(FilePath, "{\"step\":1,\"a\":1}\n");
        Assert.True(metrics.Refresh());
        Assert.Equal([1f], metrics.Series["a"].Values);
        Assert.Equal((1, 1), (metrics.Generation, metrics.LastStep));
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"step\":\"one\",\"a\":1}")]
    [InlineData("{\"step\":1.5,\"a\":1}")]
    public void A_line_of_another_kind_is_passed_over(string line)
    {
        File.WriteAllText(FilePath, line + "\n{\"step\":4,\"a\":1}\n");
        var metrics = new MetricsFollower(FilePath);
        metrics.Refresh();

        Assert.Equal([4], metrics.Series["a"].Steps);
        Assert.Equal(1, metrics.LineCount);
    }

    public void Dispose() => _folder.Dispose();
}
