using System.Text;
using Proxima.Core.Metrics;
using Proxima.Core.Metrics.TensorBoard;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.TestSupport;
using Tensorboard;

namespace Proxima.Tests.Core.Metrics.TensorBoard;

public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>RFC 3720, appendix B.4.</summary>
    [Fact]
    public void Checksums_are_those_of_the_standard()
    {
        byte[] ascending = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

        Assert.Equal(0x8a9136aau, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62a8ab43u, Crc32C.Of(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        Assert.Equal(0x46dd794eu, Crc32C.Of(ascending));
        Assert.Equal(0x113fdb5cu, Crc32C.Of(ascending.Reverse().ToArray()));
        Assert.Equal(0xd9963a56u, Crc32C.Of(IscsiRead()));
        Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void A_file_equals_one_that_was_put_together_by_another_program()
    {
        using (EventFile events = EventFile.Create(_folder.At("runs"), firstStep: 3, new Clock()))
        {
            events.Append(3, Numbers(("objective/kl_per_seq", 0.41), ("policy/lr", 5e-5), ("policy/skipped_steps", 0)));
            events.Append(300, Numbers(("eval/gold_mean", -0.75), ("long/" + new string('x', 200), 1e30), ("infinite", double.PositiveInfinity)));
            events.Append(0, Numbers(("ü", 1)));
        }

        string file = Assert.Single(Directory.GetFiles(_folder.At("runs")));
        Assert.StartsWith("events.out.tfevents.1741507507.", Path.GetFileName(file), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(RepositoryPaths.InRepository("tests", "goldens", "tensorboard", "events.tfevents")), File.ReadAllBytes(file));
    }

    /// <summary>TorchSharp carries the message classes that the protobuf compiler makes of TensorFlow's own files.</summary>
    [Fact]
    public void Events_are_read_by_classes_made_of_the_official_message_definitions()
    {
        using (EventFile events = EventFile.Create(_folder.At("runs"), firstStep: 5, new Clock()))
        {
            events.Append(5, Numbers(("a/b", 0.25), ("zero", 0), ("none", double.NaN)));
        }

        Event[] read = [.. Records(File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.At("runs"))))).Select(Event.Parser.ParseFrom)];
        Assert.Equal(3, read.Length);
        Assert.All(read, item => Assert.Equal(1741507507.25, item.WallTime));
        Assert.Equal("brain.Event:2", read[0].FileVersion);
        Assert.Equal(SessionLog.Types.SessionStatus.Start, read[1].SessionLog.Status);
        Assert.Equal([0, 5, 5], read.Select(item => item.Step));
        Assert.Equal(["a/b", "zero", "none"], read[2].Summary.Value.Select(value => value.Tag));
        Assert.All(read[2].Summary.Value, value => Assert.Equal(Summary.Types.Value.ValueOneofCase.SimpleValue, value.ValueCase));
        Assert.Equal([0.25f, 0, float.NaN], read[2].Summary.Value.Select(value => value.SimpleValue));
    }

    [Fact]
    public void An_event_can_be_read_as_soon_as_it_was_written()
    {
        using EventFile events = EventFile.Create(_folder.At("runs"), firstStep: 0, new Clock());
        string path = Assert.Single(Directory.GetFiles(_folder.At("runs")));
        long before = new FileInfo(path).Length;

        events.Append(1, Numbers(("a", 1)));

        Assert.True(new FileInfo(path).Length > before);
    }

    [Theory]
    [InlineData(ReportTarget.Tensorboard, null, "out/runs")]
    [InlineData(ReportTarget.Tensorboard, "logs", "logs")]
    [InlineData(ReportTarget.None, null, null)]
    public void Report_to_and_logging_dir_say_whether_and_where(ReportTarget target, string? loggingDir, string? expected)
    {
        var run = new RunSettings { OutputDir = _folder.At("out"), ReportTo = target, LoggingDir = loggingDir is null ? null : _folder.At(loggingDir) };
        RunFolder folder = RunFolder.Check(run, []);
        folder.Begin();
        using (RunMetrics metrics = RunMetrics.OpenAfter(folder, run, lastStep: -1, new Clock()))
        {
            metrics.Append(1, new Dictionary<string, double> { ["a"] = 2 });
        }

        Assert.Equal("{\"step\":1,\"a\":2}\n", File.ReadAllText(folder.MetricsPath));
        string[] files = Directory.GetFiles(_folder.FullPath, "*tfevents*", SearchOption.AllDirectories);
        Assert.Equal(expected is null ? [] : [_folder.At(expected)], files.Select(file => Path.GetDirectoryName(file)!));
    }

    private static IEnumerable<KeyValuePair<string, double>> Numbers(params (string Name, double Number)[] numbers) =>
        numbers.Select(pair => KeyValuePair.Create(pair.Name, pair.Number));

    /// <summary>The messages of a file: a length of 8 bytes, its checksum of 4, the message, its checksum of 4.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int start = 0; start < file.Length;)
        {
            int length = (int)BitConverter.ToUInt64(file, start);
            yield return file[(start + 12)..(start + 12 + length)];
            start += 12 + length + 4;
        }
    }

    /// <summary>An iSCSI Read (10) command descriptor block.</summary>
    private static byte[] IscsiRead() => Convert.FromHexString(
        new StringBuilder("01C00000").Append("00000000").Append("00000000").Append("00000000")
            .Append("14000000").Append("00000400").Append("00000014").Append("00000018")
            .Append("28000000").Append("00000000").Append("02000000").Append("00000000").ToString());

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 3, 9, 8, 5, 7, 250, TimeSpan.Zero);
    }
}
