using Proxima.Core;
using static Proxima.Tests.Reliability.Malformed.MalformedInput;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>Tokenizers and chat templates.</summary>
internal static class TextCases
{
    private const string Tokenizer = $"{InputFolder.Model}/tokenizer.json";
    private const string SentencePiece = $"{InputFolder.Model}/tokenizer.model";
    private const string TokenizerConfig = $"{InputFolder.Model}/tokenizer_config.json";
    private const string Template = $"{InputFolder.Model}/chat_template.jinja";

    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        new("tokenizer: none", ExitCode.Data, "holds no tokenizer", folder => folder.Delete(Tokenizer)),
        File("tokenizer: empty", Tokenizer, "", "tokenizer.json: line 1"),
        File("tokenizer: a list", Tokenizer, "[]", "an object was expected"),
        File("tokenizer: nothing in it", Tokenizer, "{}", "the key \"model\" is missing"),
        File("tokenizer: cut off", Tokenizer, "{\"model\": {", "tokenizer.json: line 1"),
        File("tokenizer: a million levels deep", Tokenizer, new string('[', 1_000_000), "tokenizer.json: line 1"),
        Bytes("tokenizer: not UTF-8", Tokenizer, [0x7B, 0xFF, 0x7D], "is no valid UTF-8"),
        File("tokenizer: a model that is a text", Tokenizer, "{\"model\": \"BPE\"}", "an object was expected"),
        File("tokenizer: an unknown model", Tokenizer, "{\"model\": {\"type\": \"Magic\", \"vocab\": {}}}", "Magic"),
        File("tokenizer: no vocabulary", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"merges\": []}}", "vocab"),
        File("tokenizer: an id that is a text", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": \"0\"}, \"merges\": []}}", "vocab"),
        File("tokenizer: an id below zero", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}", "vocab"),
        File("tokenizer: an id of two billion", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 2000000000}, \"merges\": []}}", "vocab"),
        File("tokenizer: merges that are a number", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": 1}}", "merges"),
        File("tokenizer: a merge of one part", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"a\"]}}", "merges"),
        File("tokenizer: a merge of unknown parts", Tokenizer, "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"x y\"]}}", "merges"),
        Edit("tokenizer: an unknown pre-tokenizer", Tokenizer, "\"type\": \"Split\"", "\"type\": \"Magic\"", "Magic"),
        Edit("tokenizer: a pattern that is none", Tokenizer, "[A-Za-z]+|[^A-Za-z]", "[A-Za-z", "pattern"),
        Edit("tokenizer: an unknown behaviour", Tokenizer, "\"Isolated\"", "\"Magic\"", "behavior"),
        Edit("tokenizer: an unknown normalizer", Tokenizer, "\"normalizer\": null", "\"normalizer\": {\"type\": \"Magic\"}", "Magic"),
        Edit("tokenizer: added tokens that are an object", Tokenizer, "\"added_tokens\": [", "\"added_tokens\": {}, \"x\": [", "added_tokens"),
        Edit("tokenizer: an added token without a text", Tokenizer, "\"content\": \"<unk>\",", "", "content"),
        Sentence("empty", [], "tokenizer.model"),
        Sentence("zeros", new byte[100], "tokenizer.model"),
        Sentence("a piece that is cut off", [0x0A, 0x7F, 0x0A], "tokenizer.model"),
        Sentence("an endless number", [0x0A, .. Enumerable.Repeat((byte)0xFF, 20)], "tokenizer.model"),
        Sentence("pieces without an unknown one", [0x0A, 0x03, 0x0A, 0x01, 0x61], "tokenizer.model"),
        File("tokenizer_config: a list", TokenizerConfig, "[]", "tokenizer_config.json"),
        File("tokenizer_config: cut off", TokenizerConfig, "{\"bos_token\":", "tokenizer_config.json"),
        File("tokenizer_config: a token that is a number", TokenizerConfig, "{\"bos_token\": 1}", "bos_token"),
        File("tokenizer_config: a template that is a number", TokenizerConfig, "{\"chat_template\": 1}", "chat_template"),
        File("tokenizer_config: templates without a default", TokenizerConfig, "{\"chat_template\": [{\"name\": \"x\", \"template\": \"\"}]}", "chat_template"),
        File("template: a tag without an end", Template, "{{ messages", "not a chat template"),
        File("template: a block without an end", Template, "{% for m in messages %}x", "not a chat template"),
        File("template: an end without a block", Template, "{% endfor %}", "not a chat template"),
        File("template: an unknown tag", Template, "{% include 'x' %}", "no loader for this environment"),
        File("template: parentheses a million deep", Template, "{{ " + new string('(', 1_000_000), "not a chat template"),
        File("template: a refusal", Template, "{{ raise_exception('no') }}", "no"),
        File("template: an unknown function", Template, "{{ open('/etc/passwd') }}", "open"),
        File("template: a loop that never ends", Template, "{% for i in range(100000000) %}{% for j in range(100000000) %}{% endfor %}{% endfor %}", "data.jsonl:1: the chat template fails"),
        File("template: a text that doubles", Template, "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", "characters"),
        File("template: a macro that calls itself", Template, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "calls inside each other"),
        File("template: a division by zero", Template, "{{ 1 // 0 }}", "zero"),
    ];

    private static MalformedInput Sentence(string name, byte[] content, string part) => new($"sentencepiece: {name}", ExitCode.Data, part, folder =>
    {
        folder.Delete(Tokenizer);
        folder.Write(SentencePiece, content);
    });
}
