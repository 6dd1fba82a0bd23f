using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Runs;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Runs;

public sealed class RunRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string RecordPath => _folder.At("run_record.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_start_of_a_run_is_kept()
    {
        RunRecord.Append(RecordPath, Start(afterStep: 0));
        RunRecord.Append(RecordPath, Start(afterStep: 20));

        Assert.Equal([0, 20], RunRecord.Load(RecordPath).Select(start => start.AfterStep));
    }

    [Fact]
    public void It_is_plain_JSON()
    {
        RunRecord.Append(RecordPath, Start(afterStep: 0));

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(RecordPath));
        JsonElement start = document.RootElement.GetProperty("starts")[0];
        Assert.Equal("2025-03-09T08:05:07+00:00", start.GetProperty("time").GetString());
        Assert.Equal("0.1.0", start.GetProperty("version").GetString());
        Assert.Equal(JsonValueKind.Null, start.GetProperty("commit").ValueKind);
        Assert.Equal("2.10.0", start.GetProperty("libtorch").GetString());
        Assert.Equal("models/ü", start.GetProperty("models").GetProperty("actor").GetProperty("path").GetString());
        Assert.Equal("aa", start.GetProperty("models").GetProperty("actor").GetProperty("files").GetProperty("config.json").GetString());
        Assert.Equal("bb", start.GetProperty("data").GetProperty("data/x.jsonl").GetString());
    }

    [Fact]
    public void A_damaged_record_is_an_error()
    {
        File.WriteAllText(RecordPath, "{\"starts\": [");

        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => RunRecord.Append(RecordPath, Start(0))).ExitCode);
    }

    /// <summary>FIPS 180-2, appendix B.1.</summary>
    [Fact]
    public void Hashes_are_those_of_sha256sum()
    {
        string file = _folder.Write("models/abc", "abc");
        _folder.Write("models/deeper/other", "x");

        const string Expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Assert.Equal(Expected, FileHashes.OfFile(file));
        Assert.Equal([KeyValuePair.Create("abc", Expected)], FileHashes.OfFolder(_folder.At("models")));
    }

    private static RunStart Start(int afterStep) => new()
    {
        Time = new DateTimeOffset(2025, 3, 9, 8, 5, 7, TimeSpan.Zero),
        AfterStep = afterStep,
        Version = "0.1.0",
        Commit = null,
        Runtime = ".NET 10",
        System = "Linux",
        Libtorch = "2.10.0",
        Fp32Products = "as they are",
        Precision = "fp32",
        Processor = "a processor",
        Threads = 2,
        Ranks = 1,
        Models = new Dictionary<string, RecordedFolder>
        {
            ["actor"] = new("models/ü", new Dictionary<string, string> { ["config.json"] = "aa" }),
        },
        Data = new Dictionary<string, string> { ["data/x.jsonl"] = "bb" },
    };
}
