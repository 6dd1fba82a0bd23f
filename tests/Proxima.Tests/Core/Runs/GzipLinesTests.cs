using System.IO.Compression;
using System.Text;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Runs;

public sealed class GzipLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder.At("samples.jsonl.gz");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Batches_are_read_as_one_file()
    {
        Append("{\"step\":1}\n{\"step\":1}\n", "{\"step\":2}\n");

        Assert.Equal("{\"step\":1}\n{\"step\":1}\n{\"step\":2}\n", Read());
    }

    [Fact]
    public void A_file_that_was_cut_off_is_readable_up_to_its_last_whole_batch()
    {
        Append("{\"step\":1,\"a\":\"one\"}\n");
        long whole = new FileInfo(LogPath).Length;
        Append("{\"step\":2,\"a\":\"two\"}\n");
        for (long length = new FileInfo(LogPath).Length - 1; length >= whole; length--)
        {
            Cut(length);
            Assert.StartsWith("{\"step\":1,\"a\":\"one\"}\n", Read(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_resumed_run_writes_no_step_twice()
    {
        Append("{\"step\":0}\n", "{\"step\":1}\n", "{\"step\":2}\n{\"step\":2,\"b\":\"ü\"}\n", "{\"step\":3}\n");

        GzipLines.Trim(LogPath, 2);
        Append("{\"step\":3,\"again\":true}\n");

        Assert.Equal("{\"step\":0}\n{\"step\":1}\n{\"step\":2}\n{\"step\":2,\"b\":\"ü\"}\n{\"step\":3,\"again\":true}\n", Read());
    }

    [Fact]
    public void A_last_line_that_is_half_written_goes_too()
    {
        Append("{\"step\":1}\n", "{\"step\":2,\"text\":\"" + Guid.NewGuid() + "\"}\n");
        Cut(new FileInfo(LogPath).Length - 12);

        GzipLines.Trim(LogPath, 5);

        Assert.Equal("{\"step\":1}\n", Read());
    }

    [Fact]
    public void A_file_without_a_line_left_is_removed_and_one_that_is_not_there_is_no_mistake()
    {
        Append("{\"step\":0}\n");

        GzipLines.Trim(LogPath, -1);
        GzipLines.Trim(LogPath, -1);

        Assert.Empty(_folder.Entries());
    }

    [Fact]
    public void Damage_in_the_middle_is_an_error()
    {
        Append("{\"step\":1}\n", "no object\n", "{\"step\":2}\n");
        ProximaException line = Assert.Throws<ProximaException>(() => GzipLines.Trim(LogPath, 5));
        Assert.Equal(ExitCode.Data, line.ExitCode);
        Assert.Contains($"{LogPath}:2", line.Message, StringComparison.Ordinal);

        File.WriteAllText(LogPath, "this is no gzip file");
        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => GzipLines.Trim(LogPath, 5)).ExitCode);
        Assert.Equal(["samples.jsonl.gz"], _folder.Entries());
    }

    private void Append(params string[] batches)
    {
        foreach (string batch in batches)
        {
            GzipLines.Append(LogPath, Encoding.UTF8.GetBytes(batch));
        }
    }

    private void Cut(long length)
    {
        using FileStream file = File.OpenWrite(LogPath);
        file.SetLength(length);
    }

    private string Read()
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(LogPath), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
