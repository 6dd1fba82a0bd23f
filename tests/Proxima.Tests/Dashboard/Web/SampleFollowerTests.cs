using System.IO.Compression;
using System.Text.Json;
using CsCheck;
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
            using JsonDocument line = JsonDocument.Parse(samples.Line(number)!);
            Assert.Equal($"answer {number + 1}", line.RootElement.GetProperty("response").GetString());
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Line(150));
    }

    [Fact]
    public void Members_are_found_whatever_bytes_they_hold()
    {
        byte[] member = Gzip("x");
        byte[] header = [0x1f, 0x8b, 0x08];
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Int[0, 8]).Array[1, 8].Sample(parts =>
        {
            // Not compressed, so that headers of other members stand in the middle of it.
            byte[][] contents = [.. parts.Select(part => (byte[])[.. part.Item1, .. Enumerable.Range(0, part.Item2).SelectMany(i => i % 2 == 0 ? header : member)])];
            byte[] bytes = [.. contents.SelectMany(Stored)];
            List<byte[]> found = [];
            for (int offset = 0; GzipMember.First(new ArraySegment<byte>(bytes, offset, bytes.Length - offset)) is { } first; offset += first.Length)
            {
                found.Add(first.Content);
            }

            Assert.Equal(contents, found);
        });
    }

    [Fact]
    public void A_sample_in_a_file_that_has_been_replaced_is_not_made_up()
    {
        SampleFile.Append(FilePath, 1, ("p", "one", 1));
        var samples = new SampleFollower(FilePath);
        samples.Refresh();

        File.WriteAllText(FilePath, "something else altogether, and longer than what was there before: the place of the line means nothing now, whatever it is");

        Assert.Null(samples.Line(0));
    }

    private static byte[] Gzip(string text) => Stored(System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Stored(byte[] content)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return member.ToArray();
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
