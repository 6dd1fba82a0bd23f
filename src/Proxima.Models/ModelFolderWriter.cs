using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.Models.Weights;
using Tensor = TorchSharp.torch.Tensor;

namespace Proxima.Models;

/// <summary>Writes the files of a model folder. Each appears whole or not at all; that the folder does is the caller's affair.</summary>
internal static class ModelFolderWriter
{
    private const string Config = "config.json";

    private static readonly string[] Companions =
    [
        "generation_config.json",
        "tokenizer.json",
        "tokenizer.model",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.json",
        "merges.txt",
        "chat_template.jinja",
        "chat_template.json",
    ];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the weight files of a layout.</summary>
    public static void Write(CheckpointLayout layout, IReadOnlyDictionary<string, Tensor> weights, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (CheckpointFile file in layout.Files)
        {
            SafetensorsWriter.Write(Path.Combine(folder, file.Name), file.Header, stored => weights[file.Parameters[stored]]);
        }
    }

    /// <summary>Copies tokenizer, template and generation settings, and the index of the weights where there is one.</summary>
    public static void CopyCompanions(string source, string target, string? index)
    {
        foreach (string name in index is null ? Companions : [.. Companions, index])
        {
            string path = Path.Combine(source, name);
            if (File.Exists(path))
            {
                CopyFile(path, Path.Combine(target, name));
            }
        }
    }

    /// <summary>Copies config.json byte for byte.</summary>
    public static void CopyConfig(string source, string target) =>
        CopyFile(Path.Combine(source, Config), Path.Combine(target, Config));

    /// <summary>Writes the config.json of a language model as that of a sequence classifier with one label.</summary>
    public static void WriteScoreConfig(string source, string target, string architecture)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllBytes(Path.Combine(source, Config)))!.AsObject();
        config["architectures"] = new JsonArray(architecture);
        config.Remove("num_labels"); // id2label says it, as transformers writes it
        Put(config, "id2label", new JsonObject { ["0"] = "LABEL_0" });
        Put(config, "label2id", new JsonObject { ["LABEL_0"] = 0 });
        string temporary = Path.Combine(target, Config + ".tmp");
        File.WriteAllText(temporary, config.ToJsonString(Indented) + "\n");
        File.Move(temporary, Path.Combine(target, Config), overwrite: true);
    }

    /// <summary>Sets a key at its place in the alphabet, where transformers would write it.</summary>
    private static void Put(JsonObject config, string key, JsonNode value)
    {
        config.Remove(key);
        int place = 0;
        while (place < config.Count && string.CompareOrdinal(config.GetAt(place).Key, key) < 0)
        {
            place++;
        }

        config.Insert(place, key, value);
    }

    private static void CopyFile(string source, string target)
    {
        string temporary = target + ".tmp";
        File.WriteAllBytes(temporary, File.ReadAllBytes(source));
        File.Move(temporary, target, overwrite: true);
    }
}
