using System.IO.Compression;
using System.Text;
using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.Tests.Reliability.Malformed;
using Proxima.TestSupport;
using Proxima.Text;
using Proxima.Text.Templates;

namespace Proxima.Tests.Reliability;

/// <summary>Files made to take all memory or all time: each is refused at once.</summary>
public sealed class HostileFileTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> EndlessTemplates =>
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% set x = a * b %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{{ 'x' * 999999999999 }}",
        "{{ 10 ** 999999999 }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ ('a' * 1000000).replace('', 'b' * 1000000) }}",
        "{{ range(999999999) | list | length }}",
        "{% for x in messages recursive %}{{ loop([x]) }}{% endfor %}",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(EndlessTemplates))]
    public void A_template_without_an_end(string template) => Refused(() =>
    {
        ChatTemplate parsed = ChatTemplate.Parse(template);
        return Assert.Throws<TemplateException>(() => parsed.RenderVariables(new() { ["messages"] = new System.Text.Json.Nodes.JsonArray("x") }));
    });

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void JSON_a_million_levels_deep(string opening)
    {
        string deep = string.Concat(Enumerable.Repeat(opening, 1_000_000));
        foreach (string file in (string[])["config.json", "tokenizer.json", "tokenizer_config.json", "data.jsonl", "model.safetensors.index.json"])
        {
            _folder.Write(file, deep);
        }

        _folder.Write("model.safetensors", "");
        byte[] header = Encoding.UTF8.GetBytes(deep);
        File.WriteAllBytes(_folder.At("model.safetensors"), [.. BitConverter.GetBytes((ulong)header.Length), .. header]);

        Data(() => ModelConfig.Load(_folder.FullPath));
        Data(() => Tokenizer.Load(_folder.FullPath));
        Data(() => ChatTemplate.Load(_folder.FullPath));
        Data(() => DialogueReader.Read(_folder.At("data.jsonl"), DialogueKind.Prompt, InvalidLines.SkipAndReport));
        Data(() => SafetensorsFile.Open(_folder.At("model.safetensors")));
        Data(() => WeightIndex.Read(_folder.At("model.safetensors.index.json")));
    }

    [Theory]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    public void A_header_that_claims_more_than_there_is(ulong length)
    {
        File.WriteAllBytes(_folder.At("model.safetensors"), [.. BitConverter.GetBytes(length), .. "{}"u8]);

        Data(() => SafetensorsFile.Open(_folder.At("model.safetensors")));
    }

    [Theory]
    [InlineData("one line")]
    [InlineData("many lines")]
    [InlineData("blank lines")]
    public void A_decompression_bomb(string content)
    {
        byte[] piece = new byte[1 << 20];
        piece.AsSpan().Fill((byte)' ');
        if (content != "one line")
        {
            byte[] line = content == "blank lines" ? "\n"u8.ToArray() : Encoding.UTF8.GetBytes("{\"src\":[\"" + new string('a', 1000) + "\"],\"tgt\":[]}\n");
            for (int at = 0; at + line.Length <= piece.Length; at += line.Length)
            {
                line.CopyTo(piece, at);
            }
        }

        // 4 GB in 4 MB: what comes out is never held.
        using (FileStream file = File.Create(_folder.At("bomb.jsonl.gz")))
        {
            byte[] member = Pack(piece);
            for (int i = 0; i < 4096; i++)
            {
                file.Write(member);
            }
        }

        long before = GC.GetTotalAllocatedBytes();
        Data(() => DialogueReader.Read(_folder.At("bomb.jsonl.gz"), DialogueKind.Prompt, InvalidLines.SkipAndReport));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1L << 30);
    }

    [Fact]
    public void A_storage_that_would_grow_a_thousandfold()
    {
        using InputFolder input = new();
        input.Delete($"{InputFolder.Model}/model.safetensors");
        using (ZipArchive zip = ZipFile.Open(input.At(InputFolder.Model, "pytorch_model.bin"), ZipArchiveMode.Create))
        {
            using (Stream pickle = zip.CreateEntry("archive/data.pkl").Open())
            {
                pickle.Write(Encoding.Latin1.GetBytes(
                    "\u0080\u0002}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuJ\0\0\0\u0010tQK\0K\u0002\u0085K\u0001\u0085\u0089}tRs."));
            }

            using Stream storage = zip.CreateEntry("archive/data/0", CompressionLevel.Fastest).Open();
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1024; i++)
            {
                storage.Write(zeros);
            }
        }

        using TorchArchive archive = TorchArchive.Open(input.At(InputFolder.Model, "pytorch_model.bin"));
        ProximaException refused = Data(() => archive.Read("w"));
        Assert.Contains("storage 0 is compressed", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Pack(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static ProximaException Data(Func<object?> read)
    {
        ProximaException refused = Refused(() => Assert.Throws<ProximaException>(() => read()));
        Assert.Equal(ExitCode.Data, refused.ExitCode);
        return refused;
    }

    /// <summary>In time: that of the processor for this thread, for other tests run beside.</summary>
    private static T Refused<T>(Func<T> refuse)
    {
        TimeSpan before = ThreadTime.Now;
        T result = refuse();
        TimeSpan time = ThreadTime.Now - before;
        Assert.True(time < Limit, $"it took {time}");
        return result;
    }
}
