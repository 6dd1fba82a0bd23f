using System.IO.Compression;
using System.Text;
using Proxima.Core;
using static Proxima.Tests.Reliability.Malformed.MalformedInput;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>Data files and task files.</summary>
internal static class DataCases
{
    private const string Good = "{\"src\": [\"a\"], \"tgt\": []}\n";

    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        Line("nothing but a brace", "{", "not a JSON object"),
        Line("a list", "[]", "is a list"),
        Line("null", "null", "is null"),
        Line("a number", "1", "is a number"),
        Line("two objects", "{\"src\": [\"a\"], \"tgt\": []} {}", "not a JSON object"),
        Line("no src", "{\"tgt\": []}", "src is missing"),
        Line("no tgt", "{\"src\": [\"a\"]}", "tgt is missing"),
        Line("src is a text", "{\"src\": \"a\", \"tgt\": []}", "src is a string"),
        Line("src is null", "{\"src\": null, \"tgt\": []}", "src is null"),
        Line("src is empty", "{\"src\": [], \"tgt\": []}", "src is an empty list"),
        Line("src holds an empty text", "{\"src\": [\"\"], \"tgt\": []}", "src[0] is an empty string"),
        Line("src holds a number", "{\"src\": [1], \"tgt\": []}", "src[0] is a number"),
        Line("src holds an object", "{\"src\": [{}], \"tgt\": []}", "src[0] is an object"),
        Line("as many tgt as src", "{\"src\": [\"a\"], \"tgt\": [\"b\"]}", "len(tgt) is 1"),
        Line("two tgt too few", "{\"src\": [\"a\", \"b\", \"c\"], \"tgt\": []}", "len(tgt) is 0"),
        Line("tgt holds null", "{\"src\": [\"a\", \"b\"], \"tgt\": [null]}", "tgt[0] is null"),
        Line("system is a list", "{\"src\": [\"a\"], \"tgt\": [], \"system\": []}", "system is a list"),
        Line("label is a number", "{\"src\": [\"a\"], \"tgt\": [], \"label\": 2}", "label is a number"),
        Line("a key twice", "{\"src\": [\"a\"], \"src\": [\"b\"], \"tgt\": []}", "not a JSON object"),
        Line("half a surrogate pair", "{\"src\": [\"\\ud800\"], \"tgt\": []}", "not valid Unicode text"),
        Line("a control character in a text", "{\"src\": [\"\u0001\"], \"tgt\": []}", "not a JSON object"),
        Line("a comma too many", "{\"src\": [\"a\",], \"tgt\": []}", "not a JSON object"),
        Line("a comment", "// {\"src\": [\"a\"], \"tgt\": []}", "not a JSON object"),
        Line("forty levels", "{\"src\": " + new string('[', 40) + new string(']', 40) + "}", "not a JSON object"),
        Line("a million levels", "{\"src\": " + new string('[', 1_000_000), "not a JSON object"),
        Line("seventeen megabytes", "{\"src\": [\"" + new string('x', 17 << 20) + "\"], \"tgt\": []}", "is longer than 16777216 bytes"),
        Line("a blank line", "\n" + Good.TrimEnd(), "is blank"),
        File("data: nothing", InputFolder.Data, "", "no usable line"),
        File("data: nothing but blank lines", InputFolder.Data, "\n\n\n", "no usable line"),
        Bytes("data: not UTF-8", InputFolder.Data, [.. Encoding.UTF8.GetBytes(Good), .. "{\"src\": [\""u8, 0xFF, .. "\"], \"tgt\": []}"u8], "data.jsonl:2"),
        Bytes("data: zeros", InputFolder.Data, new byte[1000], "data.jsonl:1"),
        Compressed("text instead of gzip", Encoding.UTF8.GetBytes(Good), "not readable as gzip"),
        Compressed("cut off", Pack(Good)[..^12], "not readable as gzip"),
        Compressed("a tail", [.. Pack(Good), 1, 2, 3], "not readable as gzip"),
        Compressed("another checksum", [.. Pack(Good)[..^8], .. new byte[8]], "not readable as gzip"),
        Compressed("empty", [], "data.jsonl.gz"),
        Compressed("a bomb", Pack(new string('\n', 40 << 20)), "it unpacks to more than"),
        TaskFile("an object", "{}", "is a JSON Object"),
        TaskFile("empty", "", "is not valid JSON"),
        TaskFile("cut off", "[{\"filepath\": ", "is not valid JSON"),
        TaskFile("no source", "[]", "keeps 0 of 0 sources"),
        TaskFile("a source that is a text", "[\"data.jsonl\"]", "entry 1 is"),
        TaskFile("no path", "[{\"prob\": 1}]", "names no file"),
        TaskFile("an empty path", "[{\"filepath\": \" \"}]", "names no file"),
        TaskFile("a path that is a number", "[{\"filepath\": 1}]", "names no file"),
        TaskFile("a path with a zero", "[{\"filepath\": \"a\\u0000b\"}]", "names no file"),
        TaskFile("half a surrogate pair", "[{\"filepath\": \"\\ud800\"}]", "names no file"),
        TaskFile("a file that is not there", "[{\"filepath\": \"nowhere.jsonl\"}]", "which is not there"),
        TaskFile("another ending", "[{\"filepath\": \"task.json\"}]", "not a data file"),
        TaskFile("a key that is unknown", "[{\"filepath\": \"data.jsonl\", \"weight\": 1}]", "unknown key"),
        TaskFile("a weight that is a text", "[{\"filepath\": \"data.jsonl\", \"prob\": \"x\"}]", "has prob"),
        TaskFile("a weight that is infinite", "[{\"filepath\": \"data.jsonl\", \"prob\": 1e999}]", "has prob"),
        TaskFile("no weight above zero", "[{\"filepath\": \"data.jsonl\", \"prob\": 0}]", "keeps 0 of 1 sources"),
        TaskFile("a key twice", "[{\"filepath\": \"data.jsonl\", \"filepath\": \"data.jsonl\"}]", "is not valid JSON"),
        TaskFile("a million levels", new string('[', 1_000_000), "is not valid JSON"),
        new("task: two megabytes", ExitCode.Data, "task.json has 2,", folder => folder.Write(InputFolder.Task, new string(' ', 2 << 20))),
        new("task: not there", ExitCode.Data, "task.json", folder => folder.Delete(InputFolder.Task)),
        new("label: missing", ExitCode.Data, "label is missing", folder => folder.Write(InputFolder.Data, Good), "--reward_function", "exact_answer", "--reward_target_length", "none"),
        new("ptx: prompts instead of dialogues", ExitCode.Data, "len(tgt) is 0", _ => { }, "--ptx_task_config", "TASK"),
    ];

    private static MalformedInput Line(string name, string line, string part) =>
        File($"data: {name}", InputFolder.Data, Good + line + "\n", part) with { Part = part };

    private static MalformedInput TaskFile(string name, string content, string part) => File($"task: {name}", InputFolder.Task, content, part);

    private static MalformedInput Compressed(string name, byte[] content, string part) => new($"gz: {name}", ExitCode.Data, part, folder =>
    {
        folder.Write(InputFolder.Data + ".gz", content);
        folder.Write(InputFolder.Task, $"[{{\"filepath\": \"{InputFolder.Data}.gz\"}}]");
    });

    private static byte[] Pack(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
