using System.IO.Compression;
using System.Text;
using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Tests.Data.Dialogues;

public sealed class DialogueReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_prompt_line_gives_its_turns_and_where_it_stands()
    {
        string path = _folder.Write("a.jsonl", """
            {"src": ["one"], "tgt": []}
            {"src": ["你好", "[<search-res>] two"], "tgt": ["reply"], "system": "Be kind.", "label": "42"}

            """);

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse);

        Assert.Equal(2, file.Dialogues.Count);
        Dialogue second = file.Dialogues[1];
        Assert.Equal(["你好", "[<search-res>] two"], second.Src);
        Assert.Equal(["reply"], second.Tgt);
        Assert.Equal("Be kind.", second.System);
        Assert.Equal("42", second.Label);
        Assert.Null(second.Response);
        Assert.Equal(new SourceLine(path, 2), second.Origin);
        Assert.Null(file.Dialogues[0].System);
    }

    [Fact]
    public void Supervised_and_preference_lines_give_their_replies()
    {
        string supervised = _folder.Write("s.jsonl", """{"src": ["a", "b"], "tgt": ["x", ""]}""");
        string preference = _folder.Write("p.jsonl", """{"src": ["a"], "tgt": [], "response": ["x", "y", ""], "sort": [1, 2.5, -1]}""");

        Dialogue one = DialogueReader.Read(supervised, DialogueKind.Supervised, InvalidLines.Refuse).Dialogues[0];
        Dialogue two = DialogueReader.Read(preference, DialogueKind.Preference, InvalidLines.Refuse).Dialogues[0];

        Assert.Equal(["x", ""], one.Tgt);
        Assert.Equal(["x", "y", ""], two.Response!);
        Assert.Equal([1, 2.5, -1], two.Sort!);
    }

    [Theory]
    [InlineData(DialogueKind.Supervised, """{"src": ["a", "b"], "tgt": ["x", ""]}""", "tgt[1] is an empty string")]
    [InlineData(DialogueKind.Preference, """{"src": ["a"], "tgt": [], "response": ["", "y"], "sort": [1, 0]}""", "response[0] is an empty string")]
    public void An_empty_reply_is_refused_where_replies_have_no_end(DialogueKind kind, string line, string reason)
    {
        string path = _folder.Write("e.jsonl", line + "\n" + line.Replace("\"\"", "\"z\"", StringComparison.Ordinal));

        ProximaException error = Assert.Throws<ProximaException>(
            () => DialogueReader.Read(path, kind, InvalidLines.Refuse, ReplyEnding.None));
        DialogueFile skipping = DialogueReader.Read(path, kind, InvalidLines.SkipAndReport, ReplyEnding.None);

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains($"{path}:1: {reason}", error.Message);
        Assert.Equal((1, 1), (skipping.Dialogues.Count, skipping.SkippedCount));
    }

    [Fact]
    public void A_preference_file_can_serve_as_prompts()
    {
        string path = _folder.Write("p.jsonl", """{"src": ["a"], "tgt": [], "response": ["x", "y"], "sort": [1, 0]}""");

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse);

        Assert.Null(file.Dialogues[0].Response);
        Assert.Empty(file.UnreadKeys);
    }

    [Fact]
    public void Where_answers_are_compared_with_labels_a_line_without_one_is_wrong()
    {
        string path = _folder.Write("l.jsonl", """
            {"src": ["a"], "tgt": [], "label": ""}
            {"src": ["b"], "tgt": [], "label": null}

            """);

        ProximaException exception = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.LabelledPrompt, InvalidLines.Refuse));
        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith($"{path}:2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("label is missing", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, DialogueReader.Read(path, DialogueKind.LabelledPrompt, InvalidLines.SkipAndReport).SkippedCount);
        Assert.Equal(2, DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse).Dialogues.Count);
    }

    [Fact]
    public void Gzip_byte_order_mark_windows_line_ends_and_blank_last_lines_are_tolerated()
    {
        byte[] text = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("{\"src\":[\"a\"],\"tgt\":[]}\r\n{\"src\":[\"b\"],\"tgt\":[]}\r\n\r\n \n")];
        MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(text);
        }

        string plain = _folder.Write("a.jsonl", text);
        string packed = _folder.Write("a.jsonl.gz", compressed.ToArray());

        foreach (string path in new[] { plain, packed })
        {
            DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse);
            Assert.Equal(["a", "b"], file.Dialogues.Select(d => d.Src[0]));
        }
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_whole()
    {
        string longText = new('x', 200_000);
        string path = _folder.Write("a.jsonl", $$"""
            {"src": ["{{longText}}"], "tgt": []}
            {"src": ["b"], "tgt": []}
            """);

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse);

        Assert.Equal(longText, file.Dialogues[0].Src[0]);
        Assert.Equal("b", file.Dialogues[1].Src[0]);
    }

    [Theory]
    [InlineData(DialogueKind.Prompt, "not json", "not a JSON object")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"],\"tgt\":[]} x", "not a JSON object")]
    [InlineData(DialogueKind.Prompt, "[1, 2]", "is a list, [1, 2]. Expected one JSON object")]
    [InlineData(DialogueKind.Prompt, "null", "is null. Expected one JSON object")]
    [InlineData(DialogueKind.Prompt, "{\"tgt\":[]}", "src is missing. Expected a list of strings")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"]}", "tgt is missing. Expected a list of strings")]
    [InlineData(DialogueKind.Prompt, "{\"src\":\"a\",\"tgt\":[]}", "src is a string, \"a\". Expected a list of strings")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"],\"tgt\":null}", "tgt is null. Expected a list of strings")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\",7],\"tgt\":[\"b\"]}", "src[1] is a number, 7. Expected a string")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\",\"b\"],\"tgt\":[true]}", "tgt[0] is a boolean, true. Expected a string")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[],\"tgt\":[]}", "src is an empty list. Expected at least one user turn")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\",\"\"],\"tgt\":[\"b\"]}", "src[1] is an empty string")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"],\"tgt\":[\"b\"]}", "len(tgt) is 1. Expected 0 with len(src) 1 (len(tgt) == len(src) - 1 for prompts")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\",\"b\"],\"tgt\":[]}", "len(tgt) is 0. Expected 1 with len(src) 2")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"],\"tgt\":[],\"system\":[\"x\"]}", "system is a list, [\"x\"]. Expected a string")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"],\"tgt\":[],\"label\":3}", "label is a number, 3. Expected a string")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"\\ud800\"],\"tgt\":[]}", "not valid Unicode text")]
    [InlineData(DialogueKind.Prompt, "{\"src\":[\"a\"],\"src\":[\"b\"],\"tgt\":[]}", "not a JSON object")]
    [InlineData(DialogueKind.Supervised, "{\"src\":[\"a\",\"b\"],\"tgt\":[\"c\"]}", "len(tgt) is 1. Expected 2 with len(src) 2 (len(tgt) == len(src) for supervised data)")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"sort\":[1,0]}", "response is missing")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"response\":[\"x\",\"y\"]}", "sort is missing. Expected a list of numbers")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"response\":[\"x\"],\"sort\":[1]}", "len(response) is 1. Expected two or more")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"response\":[\"x\",\"y\"],\"sort\":[1]}", "len(sort) is 1. Expected 2")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"response\":[\"x\",\"y\"],\"sort\":[1,\"0\"]}", "sort[1] is a string, \"0\". Expected a finite number")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"response\":[\"x\",\"y\"],\"sort\":[1,1e999]}", "sort[1] is a number, 1e999. Expected a finite number")]
    [InlineData(DialogueKind.Preference, "{\"src\":[\"a\"],\"tgt\":[],\"response\":[\"x\",\"y\"],\"sort\":[2,2]}", "sort holds 2 for every response")]
    public void A_bad_line_is_refused_with_its_place_and_reason_or_skipped_and_reported(DialogueKind kind, string line, string reason)
    {
        string good = kind switch
        {
            DialogueKind.Prompt => """{"src": ["a"], "tgt": []}""",
            DialogueKind.Supervised => """{"src": ["a"], "tgt": ["b"]}""",
            _ => """{"src": ["a"], "tgt": [], "response": ["x", "y"], "sort": [1, 0]}""",
        };
        string path = _folder.Write("bad.jsonl", $"{good}\n{line}\n{good}\n");

        ProximaException error = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, kind, InvalidLines.Refuse));
        DialogueFile file = DialogueReader.Read(path, kind, InvalidLines.SkipAndReport);

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith($"{path}:2: ", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.Contains("skip_invalid_data", error.Message);
        Assert.Equal(2, file.Dialogues.Count);
        Assert.Equal(1, file.SkippedCount);
        SkippedLine skipped = Assert.Single(file.Skipped);
        Assert.Equal(new SourceLine(path, 2), skipped.Origin);
        Assert.Contains(reason, skipped.Reason);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_bad_line()
    {
        byte[] bytes = [.. "{\"src\": [\""u8, 0xFF, .. "\"], \"tgt\": []}"u8];
        string path = _folder.Write("bad.jsonl", bytes);

        ProximaException error = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse));

        Assert.Contains(":1: ", error.Message);
    }

    [Fact]
    public void A_line_nested_too_deep_is_a_bad_line()
    {
        string path = _folder.Write("deep.jsonl", $$"""{"src": ["a"], "tgt": [], "x": {{new string('[', 100)}}{{new string(']', 100)}}}""");

        Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse));
    }

    [Fact]
    public void A_line_longer_than_the_limit_is_a_bad_line_and_the_next_one_is_read()
    {
        string path = _folder.Write("long.jsonl", $$"""
            {"src": ["{{new string('x', (1 << 24) + 1)}}"], "tgt": []}
            {"src": ["b"], "tgt": []}
            """);

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.SkipAndReport);

        Assert.Equal("b", Assert.Single(file.Dialogues).Src[0]);
        Assert.Contains("longer than", Assert.Single(file.Skipped).Reason);
    }

    [Fact]
    public void A_blank_line_before_the_end_is_a_bad_line()
    {
        string path = _folder.Write("blank.jsonl", "{\"src\":[\"a\"],\"tgt\":[]}\n\n{\"src\":[\"b\"],\"tgt\":[]}\n");

        ProximaException error = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse));
        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.SkipAndReport);

        Assert.StartsWith($"{path}:2: is blank", error.Message);
        Assert.Equal(2, file.Dialogues.Count);
        Assert.Equal(1, file.SkippedCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("not json\n")]
    public void A_file_without_a_usable_line_is_an_error_even_when_lines_are_skipped(string text)
    {
        string path = _folder.Write("empty.jsonl", text);

        ProximaException error = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.SkipAndReport));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains("no usable line", error.Message);
    }

    [Fact]
    public void Keys_that_nothing_reads_are_counted()
    {
        string path = _folder.Write("a.jsonl", """
            {"src": ["a"], "tgt": [], "sytem": "typo", "id": 1}
            {"src": ["b"], "tgt": [], "id": 2}
            """);

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.Refuse);

        Assert.Equal(new Dictionary<string, long> { ["id"] = 2, ["sytem"] = 1 }, file.UnreadKeys);
    }

    [Fact]
    public void Only_the_first_skipped_lines_keep_their_reason()
    {
        string path = _folder.Write("many.jsonl", string.Concat(Enumerable.Repeat("bad\n", 250)) + """{"src": ["a"], "tgt": []}""");

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.SkipAndReport);

        Assert.Equal(250, file.SkippedCount);
        Assert.Equal(DialogueReader.MaxReportedLines, file.Skipped.Count);
    }

    [Theory]
    [InlineData("data.txt", "ends in .jsonl or .jsonl.gz")]
    [InlineData("data.json", "ends in .jsonl or .jsonl.gz")]
    [InlineData("missing.jsonl", "cannot be read")]
    [InlineData("missing.jsonl.gz", "cannot be read")]
    public void A_file_that_cannot_be_read_is_a_data_error(string name, string reason)
    {
        string path = Path.Combine(_folder.Root, name);

        ProximaException error = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.SkipAndReport));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.0)]
    public void A_gzip_file_that_is_cut_off_or_no_gzip_is_a_data_error(double kept)
    {
        MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int i = 0; i < 2000; i++)
            {
                gzip.Write(Encoding.UTF8.GetBytes($"{{\"src\":[\"{i * 7919}\"],\"tgt\":[]}}\n"));
            }
        }

        byte[] bytes = kept > 0 ? compressed.ToArray()[..(int)(compressed.Length * kept)] : "plain text"u8.ToArray();
        string path = _folder.Write("broken.jsonl.gz", bytes);

        ProximaException error = Assert.Throws<ProximaException>(() => DialogueReader.Read(path, DialogueKind.Prompt, InvalidLines.SkipAndReport));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains("gzip", error.Message);
    }
}
