using System.Text.Json;
using Proxima.Dashboard.Web;
using Proxima.TestSupport;

namespace Proxima.Tests.Dashboard.Web;

public sealed class SampleFollowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.At("samples.jsonl.gz");

    [Fact]
    public void Batches_are_taken_as_they_come()
    {
        var samples = new SampleFollower(FilePath);
        Assert.False(samples.Refresh());
        SampleFile.Append(FilePath, 0, ("who?", "me", .5));
        SampleFile.Append(FilePath, 1, ("who?", "you", 1.5), ("why?", "so", -1));
        Assert.True(samples.Refresh());
        SampleFile.Append(FilePath, 2, ("who?", "they", 2));
        Assert.True(samples.Refresh());
        Assert.False(samples.Refresh());

        Assert.Equal(["me", "you", "so", "they"], samples.Rows.Select(row => row.Response));
        Assert.Equal([0, 1, 1, 2], samples.Rows.Select(row => row.Step));
        Assert.Equal([null, .75f, .75f, .75f], samples.Rows.Select(row => row.Kl));
        Assert.Equal([.5f, 1.5f, -1f, 2f], samples.Rows.Select(row => row.Score));
    }

    [Fact]
    public void A_batch_that_is_half_written_is_taken_once_when_it_is_whole()
    {
        SampleFile.Append(FilePath, 1, ("p", "first", 1));
        byte[] first = File.ReadAllBytes(FilePath);
        SampleFile.Append(FilePath, 2, ("p", "second", 1), ("p", "third", 1));
        byte[] both = File.ReadAllBytes(FilePath);
        for (int length = first.Length + 1; length < both.Length; length++)
        {
            File.WriteAllBytes(FilePath, both[..length]);
            var samples = new SampleFollower(FilePath);
            samples.Refresh();
            File.WriteAllBytes(FilePath, both);
            samples.Refresh();

            Assert.Equal(["first", "second", "third"], samples.Rows.Select(row => row.Response));
        }
    }

    [Fact]
    public void The_whole_line_of_each_sample_is_at_hand()
    {
        for (int step = 1; step <= 150; step++)
        {
            SampleFile.Append(FilePath, step, ("p", $"answer {step}", step));
        }

        var samples = new SampleFollower(FilePath);
        samples.Refresh();

        foreach (int number in new[] { 0, 63, 64, 127, 128, 149 })
        {
            using JsonDocument line = JsonDocument.Parse(samples.Line(number));
            Assert.Equal($"answer {number + 1}", line.RootElement.GetProperty("response").GetString());
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Line(150));
    }

    [Fact]
    public void A_file_that_a_resumed_run_has_shortened_is_read_anew()
    {
        SampleFile.Append(FilePath, 1, ("p", "kept", 1));
        byte[] kept = File.ReadAllBytes(FilePath);
        SampleFile.Append(FilePath, 2, ("p", "lost", 1));
        var samples = new SampleFollower(FilePath);
        samples.Refresh();

        File.WriteAllBytes(FilePath, kept);
        Assert.True(samples.Refresh());
        Assert.Equal(["kept"], samples.Rows.Select(row => row.Response));
        Assert.Equal(1, samples.Generation);
    }

    public void Dispose() => _folder.Dispose();
}
