using System.Globalization;
using Proxima.Core;
using Proxima.Core.Metrics;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Metrics;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder.At("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_step_is_one_flat_line_that_can_be_read_at_once()
    {
        using MetricsLog log = MetricsLog.Open(LogPath);

        log.Append(1, Numbers(("objective/kl_per_seq", 0.1), ("policy/lr", 5e-5)));
        log.Append(2, Numbers(("objective/kl_per_seq", 1.0 / 3), ("policy/lr", double.NaN)));

        Assert.Equal(
            """
            {"step":1,"objective/kl_per_seq":0.1,"policy/lr":5e-5}
            {"step":2,"objective/kl_per_seq":0.3333333333333333,"policy/lr":null}

            """,
            ReadShared());
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            using MetricsLog log = MetricsLog.Open(LogPath);
            log.Append(1, Numbers(("a", -1234.5)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal("{\"step\":1,\"a\":-1234.5}\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void A_resumed_run_writes_no_step_twice()
    {
        using (MetricsLog log = MetricsLog.Open(LogPath))
        {
            for (int step = 0; step <= 4; step++)
            {
                log.Append(step, Numbers(("a", step)));
            }
        }

        using (MetricsLog log = MetricsLog.OpenAfter(LogPath, lastStep: 2))
        {
            log.Append(3, Numbers(("a", 30)));
        }

        Assert.Equal(
            ["{\"step\":0,\"a\":0}", "{\"step\":1,\"a\":1}", "{\"step\":2,\"a\":2}", "{\"step\":3,\"a\":30}"],
            File.ReadAllLines(LogPath));
    }

    [Theory]
    [InlineData("{\"step\":2,\"a\":")]
    [InlineData("{\"st")]
    [InlineData("{\"step\":1}\n{")]
    public void A_last_line_that_was_half_written_is_taken_away(string end)
    {
        File.WriteAllText(LogPath, "{\"step\":1}\n" + end);

        MetricsLog.OpenAfter(LogPath, lastStep: 9).Dispose();

        Assert.All(File.ReadAllLines(LogPath), line => Assert.Equal("{\"step\":1}", line));
        Assert.EndsWith("\n", File.ReadAllText(LogPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_line_in_the_middle_is_a_data_error_with_its_number()
    {
        File.WriteAllText(LogPath, "{\"step\":1}\nnonsense\n{\"step\":2}\n");

        ProximaException exception = Assert.Throws<ProximaException>(() => MetricsLog.OpenAfter(LogPath, lastStep: 9));

        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.Contains("metrics.jsonl:2:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_after_a_step_makes_a_file_where_there_is_none()
    {
        MetricsLog.OpenAfter(LogPath, lastStep: 3).Dispose();

        Assert.Equal("", File.ReadAllText(LogPath));
    }

    private static KeyValuePair<string, double>[] Numbers(params (string Name, double Number)[] numbers) =>
        [.. numbers.Select(entry => KeyValuePair.Create(entry.Name, entry.Number))];

    private string ReadShared()
    {
        using FileStream file = new(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        return reader.ReadToEnd();
    }
}
