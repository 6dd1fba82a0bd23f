using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Proxima.Core;
using Proxima.TestSupport;
using static Proxima.Tests.Reliability.Malformed.MalformedInput;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>config.json and weights of a model folder.</summary>
internal static class ModelCases
{
    private const string Config = $"{InputFolder.Model}/config.json";
    private const string Weights = $"{InputFolder.Model}/model.safetensors";
    private const string Index = $"{InputFolder.Model}/model.safetensors.index.json";

    public static IReadOnlyList<MalformedInput> All { get; } =
    [
        new("model: no such folder", ExitCode.Data, "there is no such folder", _ => { }, "--actor_model_name_or_path", "nowhere"),
        new("model: no config.json", ExitCode.Data, "has no config.json", folder => folder.Delete(Config)),
        new("model: config.json is a folder", ExitCode.Data, "has no config.json", folder =>
        {
            folder.Delete(Config);
            Directory.CreateDirectory(folder.At(Config));
        }),
        new("model: a link to elsewhere", ExitCode.Data, "is a symbolic link to", folder =>
        {
            folder.Delete(Config);
            System.IO.File.CreateSymbolicLink(folder.At(Config), folder.At(InputFolder.Config));
        }),
        SmallVocabulary("reward model", "--reward_model_name_or_path", "REWARD", "--reward_function", "none", "--reward_target_length", "none"),
        SmallVocabulary("critic", "--critic_model_name_or_path", "REWARD"),
        File("model: config.json empty", Config, "", "config.json is malformed"),
        File("model: config.json a list", Config, "[]", "is no JSON object"),
        File("model: config.json cut off", Config, "{\"model_type\": \"llama\"", "config.json is malformed"),
        File("model: config.json a million levels deep", Config, "{\"x\": " + new string('[', 1_000_000), "config.json is malformed"),
        new("model: config.json of five megabytes", ExitCode.Data, "config.json has 5,", folder => folder.Write(Config, new string(' ', 5 << 20))),
        File("model: nothing said", Config, "{}", "architectures"),
        Key("another family", "[\"LlamaForCausalLM\"]", "[\"MambaForCausalLM\"]", "MambaForCausalLM"),
        Key("a class that is a number", "[\"LlamaForCausalLM\"]", "1", "architectures is 1"),
        Key("a class that is half a character", "[\"LlamaForCausalLM\"]", "[\"\\ud800\"]", "no valid Unicode"),
        Key("a score model", "[\"LlamaForCausalLM\"]", "[\"LlamaForSequenceClassification\"]", "a language model (LlamaForCausalLM) is needed here"),
        Key("quantised", "\"torch_dtype\": \"float32\"", "\"quantization_config\": {\"bits\": 4}", "quantization_config"),
        Key("no width", "\"hidden_size\": 64,", "", "hidden_size is missing"),
        Key("a width that is a text", "\"hidden_size\": 64", "\"hidden_size\": \"64\"", "hidden_size is 64"),
        Key("a width with a fraction", "\"hidden_size\": 64", "\"hidden_size\": 64.5", "hidden_size is 64.5"),
        Key("no width at all", "\"hidden_size\": 64", "\"hidden_size\": 0", "sizes"),
        Key("a width below zero", "\"hidden_size\": 64", "\"hidden_size\": -64", "sizes"),
        Key("a width beyond reason", "\"hidden_size\": 64", "\"hidden_size\": 2147483644", "sizes"),
        Key("a width beyond 32 bits", "\"hidden_size\": 64", "\"hidden_size\": 1e30", "hidden_size"),
        Key("no layers", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 0", "num_hidden_layers is 0"),
        Key("two billion layers", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2000000000", "num_hidden_layers is 2000000000"),
        Key("layers that are a list", "\"num_hidden_layers\": 3", "\"num_hidden_layers\": [3]", "num_hidden_layers"),
        Key("heads that do not divide", "\"num_key_value_heads\": 4", "\"num_key_value_heads\": 3", "sizes"),
        Key("no heads", "\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "config.json"),
        Key("two billion tokens", "\"vocab_size\": 55", "\"vocab_size\": 2000000000", "sizes"),
        Key("another activation", "\"silu\"", "\"swish9\"", "hidden_act"),
        Key("a scaling that is a text", "\"rope_theta\": 10000.0", "\"rope_scaling\": \"linear\"", "rope_scaling is"),
        Key("a scaling that is unknown", "\"rope_theta\": 10000.0", "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2}", "yarn"),
        Key("a scaling by zero", "\"rope_theta\": 10000.0", "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 0}", "factor"),
        Key("an end that is a text", "\"eos_token_id\": 3", "\"eos_token_id\": \"</s>\"", "eos_token_id"),
        Key("an end outside the vocabulary", "\"eos_token_id\": 3", "\"eos_token_id\": 99", "ends its responses with the id 99"),
        Key("fewer tokens than the tokenizer has", "\"vocab_size\": 55", "\"vocab_size\": 9", "its vocabulary has 9 tokens"),
        Key("a flag that is a text", "\"tie_word_embeddings\": false", "\"tie_word_embeddings\": \"no\"", "tie_word_embeddings"),
        File("model: generation_config.json a list", $"{InputFolder.Model}/generation_config.json", "[]", "generation_config.json is no JSON object"),
        File("model: generation_config.json with odd ends", $"{InputFolder.Model}/generation_config.json", "{\"eos_token_id\": [1, \"x\"]}", "eos_token_id"),
        new("weights: none", ExitCode.Data, "has no weights", folder => folder.Delete(Weights)),
        Bytes("weights: empty", Weights, [], "has only 0 bytes"),
        Bytes("weights: seven bytes", Weights, new byte[7], "has only 7 bytes"),
        Bytes("weights: zeros", Weights, new byte[1000], "header is malformed"),
        Bytes("weights: a header that claims 2^63 bytes", Weights, [.. Number(1UL << 63), .. "{}"u8], "is no safetensors file"),
        Bytes("weights: a header that claims 2^64 - 1 bytes", Weights, [.. Number(ulong.MaxValue), .. "{}"u8], "is no safetensors file"),
        Bytes("weights: a header longer than the file", Weights, [.. Number(100), .. "{}"u8], "is no safetensors file"),
        Safetensors("a header a million levels deep", "{\"a\": " + new string('[', 1_000_000), "header is malformed"),
        Safetensors("a header that is a list", "[]", "header is malformed"),
        Safetensors("an unknown type", "{\"a\": {\"dtype\": \"F8_E4M3\", \"shape\": [0], \"data_offsets\": [0, 0]}}", "stored as F8_E4M3"),
        Safetensors("no shape", "{\"a\": {\"dtype\": \"F32\", \"data_offsets\": [0, 0]}}", "header is malformed"),
        Safetensors("one offset", "{\"a\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [0]}}", "has 1 sizes and 1 data_offsets"),
        Safetensors("a size below zero", "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 0]}}", "cannot lie at bytes"),
        Safetensors("a size that overflows", "{\"a\": {\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296], \"data_offsets\": [0, 0]}}", "header is malformed"),
        Safetensors("a hundred sizes", "{\"a\": {\"dtype\": \"F32\", \"shape\": [" + string.Join(',', Enumerable.Repeat(0, 100)) + "], \"data_offsets\": [0, 0]}}", "has 100 sizes"),
        Safetensors("offsets backwards", "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 0]}}", "cannot lie at bytes"),
        Safetensors("a gap", "{\"a\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [4, 4]}}", "begins at byte 4"),
        Safetensors("a name twice", "{\"a\": {\"dtype\": \"U8\", \"shape\": [0], \"data_offsets\": [0, 0]}, \"a\": {\"dtype\": \"U8\", \"shape\": [0], \"data_offsets\": [0, 0]}}", "header is malformed"),
        Safetensors("another model", "{\"a\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [0, 0]}}", "do not fit its config.json"),
        new("weights: cut off", ExitCode.Data, "the file is cut off", folder => folder.Write(Weights, folder.Read(Weights)[..^100])),
        new("weights: a tail", ExitCode.Data, "bytes follow the last tensor", folder => folder.Write(Weights, [.. folder.Read(Weights), 0])),
        Indexed("empty", "", "index.json is malformed"),
        Indexed("no map", "{}", "index.json is malformed"),
        Indexed("a map that is a list", "{\"weight_map\": []}", "index.json is malformed"),
        Indexed("a file that is not there", "{\"weight_map\": {\"a\": \"x.safetensors\"}}", "x.safetensors cannot be read"),
        Indexed("a path upwards", "{\"weight_map\": {\"a\": \"../x.safetensors\"}}", "Only names of files beside the index are allowed"),
        Indexed("an absolute path", "{\"weight_map\": {\"a\": \"/etc/passwd\"}}", "Only names of files beside the index are allowed"),
        Indexed("a number", "{\"weight_map\": {\"a\": 1}}", "index.json is malformed"),
        Indexed("a million levels", new string('[', 1_000_000), "index.json is malformed"),
        Pickled("no archive", null, "cannot be read as PyTorch weights"),
        Pickled("nothing in it", "", "cannot be read as PyTorch weights"),
        Pickled("an unknown instruction", "\u0080\u0002\u00ff.", "unknown pickle instruction 0xff"),
        Pickled("a call of system", "\u0080\u0002cos\nsystem\n)R.", "it calls os.system"),
        Pickled("a call of eval", "\u0080\u0002c__builtin__\neval\n)R.", "it calls __builtin__.eval"),
        Pickled("an object that builds itself", "\u0080\u0002cposix\nsystem\n)\u0081.", "unknown pickle instruction 0x81"),
        Pickled("a text of two gigabytes", "\u0080\u0002X\u00ff\u00ff\u00ff\u007f.", "malformed pickle"),
        Pickled("an empty stack", "\u0080\u0002t.", "malformed pickle"),
        Pickled("a list", "\u0080\u0002].", "it holds no state dict"),
        Pickled("a number as a key", "\u0080\u0002}K\u0001Ns.", "a key is no text"),
        Pickled("a value that is no tensor", "\u0080\u0002}X\u0001\0\0\0aNs.", "a is no tensor"),
    ];

    /// <summary>A model without a tokenizer of its own, which is then to read the actor's ids.</summary>
    private static MalformedInput SmallVocabulary(string name, params string[] words) =>
        new($"{name}: fewer tokens than the actor", ExitCode.Data, "reward: its vocabulary has 40 tokens, and it is to read ids of the actor, which has 55", folder =>
        {
            string config = System.IO.File.ReadAllText(RepositoryPaths.InRepository("models", "arithmetic-reward", "config.json"));
            folder.Write("reward/config.json", config.Replace("\"vocab_size\": 55", "\"vocab_size\": 40", StringComparison.Ordinal));
        }, words);

    private static MalformedInput Key(string name, string old, string changed, string part) => Edit($"model: {name}", Config, old, changed, part);

    private static MalformedInput Safetensors(string name, string header, string part) =>
        Bytes($"weights: {name}", Weights, [.. Number((ulong)header.Length), .. Encoding.UTF8.GetBytes(header)], part);

    private static MalformedInput Indexed(string name, string index, string part) => new($"index: {name}", ExitCode.Data, part, folder =>
    {
        folder.Delete(Weights);
        folder.Write(Index, index);
    });

    private static MalformedInput Pickled(string name, string? pickle, string part) => new($"pickle: {name}", ExitCode.Data, part, folder =>
    {
        folder.Delete(Weights);
        folder.Write($"{InputFolder.Model}/pytorch_model.bin", pickle is null ? new byte[100] : Archive(pickle));
    });

    private static byte[] Archive(string pickle)
    {
        using MemoryStream archive = new();
        using (ZipArchive zip = new(archive, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = zip.CreateEntry("archive/data.pkl").Open())
        {
            entry.Write(Encoding.Latin1.GetBytes(pickle));
        }

        return archive.ToArray();
    }

    private static byte[] Number(ulong number)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }
}
