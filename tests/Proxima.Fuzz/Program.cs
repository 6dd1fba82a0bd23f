using Proxima.Fuzz.Targets;
using SharpFuzz;

// How to run: instrument Proxima.Text.dll with the tool SharpFuzz.CommandLine, then
//   afl-fuzz -i tests/fuzz/TARGET -o FINDINGS -- dotnet Proxima.Fuzz.dll TARGET
// Files that were worth finding are kept in tests/fuzz/TARGET, where the unit tests replay them.
var targets = new Dictionary<string, Action<byte[]>>(StringComparer.Ordinal)
{
    ["tokenizer_json"] = content => TokenizerFuzzTarget.TokenizerJson(content),
    ["sentencepiece"] = content => TokenizerFuzzTarget.SentencePiece(content),
    ["templates"] = content => TemplateFuzzTarget.Run(content),
};

if (args is not [var name] || !targets.TryGetValue(name, out Action<byte[]>? target))
{
    Console.Error.WriteLine($"Usage: Proxima.Fuzz {string.Join('|', targets.Keys)} (under afl-fuzz)");
    return 2;
}

Fuzzer.OutOfProcess.Run(stream =>
{
    using var content = new MemoryStream();
    stream.CopyTo(content);
    target(content.ToArray());
});
return 0;
