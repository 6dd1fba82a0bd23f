using System.IO.Compression;
using System.Text;
using CsCheck;
using Parquet.Serialization;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Conversion;
using Proxima.Data.Dialogues;

namespace Proxima.Tests.Data.Conversion;

public sealed class DataConverterTests : IDisposable
{
    private readonly Proxima.TestSupport.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData( // chat
        """{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}""",
        """{"src":["a","c"],"tgt":["b","d"],"system":"S"}""", DataKind.Sft)]
    [InlineData( // an open chat
        """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}], "label": "7", "id": 5}""",
        """{"src":["a","c"],"tgt":["b"],"label":"7"}""", DataKind.Ppo)]
    [InlineData( // ShareGPT's names
        """{"conversations": [{"from": "human", "value": "你好"}, {"from": "gpt", "value": "好"}]}""",
        """{"src":["你好"],"tgt":["好"]}""", DataKind.Sft)]
    [InlineData( // parts
        """{"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, {"role": "assistant", "content": "c"}]}""",
        """{"src":["ab"],"tgt":["c"]}""", DataKind.Sft)]
    [InlineData("""{"prompt": "a", "completion": "b"}""", """{"src":["a"],"tgt":["b"]}""", DataKind.Sft)]
    [InlineData("""{"instruction": "add", "input": "1 2", "output": "3"}""", """{"src":["add\n1 2"],"tgt":["3"]}""", DataKind.Sft)]
    [InlineData("""{"prompt": "a", "system": "S"}""", """{"src":["a"],"tgt":[],"system":"S"}""", DataKind.Ppo)]
    [InlineData( // texts
        """{"prompt": "a", "chosen": "b", "rejected": "c"}""",
        """{"src":["a"],"tgt":[],"response":["b","c"],"sort":[1,0]}""", DataKind.Preference)]
    [InlineData( // a prompt and replies of messages
        """{"prompt": [{"role": "user", "content": "a"}], "chosen": [{"role": "assistant", "content": "b"}], "rejected": [{"role": "assistant", "content": "c"}]}""",
        """{"src":["a"],"tgt":[],"response":["b","c"],"sort":[1,0]}""", DataKind.Preference)]
    [InlineData( // whole conversations, the prompt a text beside them
        """{"prompt": "a", "chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "rejected": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "c"}]}""",
        """{"src":["a"],"tgt":[],"response":["b","c"],"sort":[1,0]}""", DataKind.Preference)]
    [InlineData( // whole conversations alone
        """{"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}], "rejected": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "x"}, {"role": "assistant", "content": "z"}]}""",
        """{"src":["a","x"],"tgt":["b"],"response":["y","z"],"sort":[1,0]}""", DataKind.Preference)]
    public void A_known_layout_becomes_a_line_of_the_protocol(string row, string expected, DataKind kind)
    {
        (string text, DataConverter converter) = Convert(new DataConvertSettings(), _folder.Write("in.jsonl", row + "\n"));

        Assert.Equal(expected + "\n", text);
        Assert.Equal(kind, converter.Kind);
        Assert.Equal(1, converter.Written);
    }

    [Fact]
    public void A_whole_chat_becomes_a_prompt_when_that_is_asked_for_and_a_column_becomes_the_label()
    {
        string path = _folder.Write("in.jsonl", """{"question": "6 x 7?", "response": "it is 42", "answer": 42}""" + "\n");

        (string text, _) = Convert(new DataConvertSettings { To = DataKind.Ppo, LabelColumn = "answer" }, path);

        Assert.Equal("""{"src":["6 x 7?"],"tgt":[],"label":"42"}""" + "\n", text);
    }

    [Theory]
    [InlineData("[1]", "is no JSON object")]
    [InlineData("{\"prompt\": ", "not a JSON object")]
    [InlineData("""{"text": "a"}""", "no layout that is known (columns: text)")]
    [InlineData("""{"messages": []}""", "messages is no list of messages")]
    [InlineData("""{"messages": [{"role": "tool", "content": "x"}]}""", "messages[0] has the role \"tool\"")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "x"}]}""", "messages[0] is a message of the assistant where none can stand")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}""", "messages[1] is a message of the user")]
    [InlineData("""{"messages": [{"role": "user", "content": 5}]}""", "messages[0] has no text as its content")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image", "url": "x"}]}]}""", "messages[0] has no text as its content")]
    [InlineData("""{"messages": ["hello"]}""", "messages[0] is no message")]
    [InlineData("""{"prompt": "", "completion": "b"}""", "src[0] is an empty string")]
    [InlineData("""{"prompt": "a", "chosen": "", "rejected": "c"}""", "chosen is an empty text")]
    [InlineData("""{"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "rejected": [{"role": "user", "content": "X"}, {"role": "assistant", "content": "c"}]}""", "no common prompt")]
    [InlineData("""{"prompt": "a", "chosen": [{"role": "user", "content": "X"}, {"role": "assistant", "content": "b"}], "rejected": "c"}""", "chosen is no reply to the prompt")]
    [InlineData("""{"prompt": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "completion": "c"}""", "prompt does not end with a user turn")]
    public void A_row_that_cannot_be_converted_is_named_or_skipped(string row, string reason)
    {
        string good = """{"prompt": "a", "completion": "b"}""";
        string kind = row.Contains("chosen", StringComparison.Ordinal) ? """{"prompt": "a", "chosen": "b", "rejected": "c"}""" : good;
        string path = _folder.Write("in.jsonl", $"{kind}\n{row}\n{kind}\n");

        ProximaException exception = Assert.Throws<ProximaException>(() => Convert(new DataConvertSettings(), path));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith($"{path}:2: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);

        (string text, DataConverter converter) = Convert(new DataConvertSettings { SkipInvalidData = true }, path);
        Assert.Equal(2, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((2, 1), (converter.Written, converter.SkippedCount));
        Assert.Contains(reason, Assert.Single(converter.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_lack_what_the_kind_needs_are_refused()
    {
        string open = _folder.Write("open.jsonl", """{"prompt": "a"}""");

        Assert.Contains("ends with a user turn", Assert.Throws<ProximaException>(() => Convert(new() { To = DataKind.Sft }, open)).Message, StringComparison.Ordinal);
        Assert.Contains("no chosen and rejected", Assert.Throws<ProximaException>(() => Convert(new() { To = DataKind.Preference }, open)).Message, StringComparison.Ordinal);
        Assert.Contains("answer is missing", Assert.Throws<ProximaException>(() => Convert(new() { LabelColumn = "answer" }, open)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_rows_become_the_same_lines_as_those_of_JSON()
    {
        string chat = await ParquetAsync("chat.parquet", new ChatRow { messages = [new() { role = "user", content = "a" }, new() { role = "assistant", content = "b" }] });
        string pairs = await ParquetAsync("pairs.parquet", new PairRow { prompt = "p", chosen = "c", rejected = "r", score = 0.5 }, new PairRow { prompt = "q", chosen = "d", rejected = "s" });

        Assert.Equal("""{"src":["a"],"tgt":["b"]}""" + "\n", Convert(new DataConvertSettings(), chat).Text);
        Assert.Equal(
            """{"src":["p"],"tgt":[],"response":["c","r"],"sort":[1,0]}""" + "\n" + """{"src":["q"],"tgt":[],"response":["d","s"],"sort":[1,0]}""" + "\n",
            Convert(new DataConvertSettings(), pairs).Text);
        Assert.Equal("0.5", Dialogues(Convert(new DataConvertSettings { LabelColumn = "score", SkipInvalidData = true }, pairs).Text, DialogueKind.Preference)[0].Label);
    }

    [Fact]
    public async Task Parquet_without_the_columns_or_damaged_is_told_by_name_and_row()
    {
        string other = await ParquetAsync("other.parquet", new OtherRow { text = "a" });
        string damaged = _folder.Write("damaged.parquet", "PAR1 and nothing else that makes sense PAR1");

        string message = Assert.Throws<ProximaException>(() => Convert(new DataConvertSettings(), other)).Message;
        Assert.StartsWith($"{other}:1: has no layout that is known (columns: text)", message, StringComparison.Ordinal);
        ProximaException broken = Assert.Throws<ProximaException>(() => Convert(new DataConvertSettings(), damaged));
        Assert.Equal(ExitCode.Data, broken.ExitCode);
        Assert.StartsWith($"{damaged}: damaged", broken.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<ProximaException>(() => Convert(new DataConvertSettings(), _folder.At("nowhere.parquet"))).Message, StringComparison.Ordinal);
        Assert.Contains("not a file that can be converted", Assert.Throws<ProximaException>(() => Convert(new DataConvertSettings(), _folder.Write("a.csv", "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_file_that_was_cut_off_is_refused()
    {
        string path = _folder.At("in.jsonl.gz");
        using (GZipStream gzip = new(File.Create(path), CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"{{\"prompt\": \"{i * 7919}\", \"completion\": \"b\"}}\n"))));
        }

        Assert.Equal(200, Convert(new DataConvertSettings(), path).Converter.Written);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^200]);
        Assert.Contains("damaged", Assert.Throws<ProximaException>(() => Convert(new DataConvertSettings { SkipInvalidData = true }, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chats_come_back_from_what_was_written()
    {
        Gen<string> text = Gen.String[Gen.Char["ab 你\"\\\n{}"], 1, 8];
        Gen.Select(text.Array[1, 4], text.Array[4], Gen.Bool).Sample((src, replies, isWhole) =>
        {
            List<object> messages = [];
            int count = isWhole ? src.Length : src.Length - 1;
            for (int i = 0; i < src.Length; i++)
            {
                messages.Add(new { role = "user", content = src[i] });
                if (i < count)
                {
                    messages.Add(new { role = "assistant", content = replies[i] });
                }
            }

            string path = _folder.Write($"{Guid.NewGuid():N}.jsonl", System.Text.Json.JsonSerializer.Serialize(new { messages }));
            Dialogue dialogue = Assert.Single(Dialogues(Convert(new DataConvertSettings(), path).Text, isWhole ? DialogueKind.Supervised : DialogueKind.Prompt));
            Assert.Equal(src, dialogue.Src);
            Assert.Equal(replies[..count], dialogue.Tgt);
        }, iter: 50, threads: 1);
    }

    private static (string Text, DataConverter Converter) Convert(DataConvertSettings settings, string path)
    {
        using MemoryStream output = new();
        var converter = new DataConverter(settings);
        converter.Convert([path], output);
        return (Encoding.UTF8.GetString(output.ToArray()), converter);
    }

    private IReadOnlyList<Dialogue> Dialogues(string text, DialogueKind kind) =>
        DialogueReader.Read(_folder.Write("out.jsonl", text), kind, InvalidLines.Refuse).Dialogues;

    private async Task<string> ParquetAsync<T>(string name, params T[] rows)
        where T : class, new()
    {
        string path = _folder.At(name);
        await ParquetSerializer.SerializeAsync(rows, path, cancellationToken: TestContext.Current.CancellationToken);
        return path;
    }

#pragma warning disable IDE1006, CA1812 // Columns are named as data sets name them; the serializer makes the rows.
    internal sealed class Message
    {
        public string? role { get; set; }

        public string? content { get; set; }
    }

    internal sealed class ChatRow
    {
        public List<Message>? messages { get; set; }
    }

    internal sealed class PairRow
    {
        public string? prompt { get; set; }

        public string? chosen { get; set; }

        public string? rejected { get; set; }

        public double? score { get; set; }
    }

    internal sealed class OtherRow
    {
        public string? text { get; set; }
    }
#pragma warning restore IDE1006, CA1812
}
