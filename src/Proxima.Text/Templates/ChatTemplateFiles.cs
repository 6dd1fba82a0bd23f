using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Text.Templates;

/// <summary>Finds the template and the special tokens in the files of a model folder.</summary>
internal static class ChatTemplateFiles
{
    private const string TemplateFile = "chat_template.jinja";
    private const string ConfigFile = "tokenizer_config.json";
    private const string SpecialTokensFile = "special_tokens_map.json";
    private const string TemplateKey = "chat_template";
    private const string DefaultName = "default";

    /// <summary>A tokenizer_config.json lists every added token, of which some vocabularies have a hundred thousand.</summary>
    private const int MaxBytes = 64 << 20;

    private static readonly JsonDocumentOptions JsonOptions = new() { AllowDuplicateProperties = false };

    private static readonly string[] TokenKeys = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    public static ChatTemplate? Load(string folder, ChatTemplateOptions options)
    {
        JsonObject config = ReadObject(Path.Combine(folder, ConfigFile));
        string templatePath = Path.Combine(folder, TemplateFile);
        bool hasFile = File.Exists(templatePath);
        string? source = hasFile ? ReadText(templatePath) : FromConfig(config, Path.Combine(folder, ConfigFile));
        if (source is null)
        {
            return null;
        }

        try
        {
            Dictionary<string, string> tokens = SpecialTokens(ReadObject(Path.Combine(folder, SpecialTokensFile)), config);
            return ChatTemplate.Parse(source, options with { SpecialTokens = tokens });
        }
        catch (TemplateException e)
        {
            string place = hasFile ? templatePath : $"{Path.Combine(folder, ConfigFile)}: {TemplateKey}";
            throw new ProximaException(ExitCode.Data, $"{place}: not a chat template: {e.Message} Expected Jinja as transformers runs it; correct the template.", e);
        }
    }

    /// <summary>The key may hold the template, or a list of templates with names.</summary>
    private static string? FromConfig(JsonObject config, string path)
    {
        switch (config[TemplateKey])
        {
            case null:
                return null;
            case JsonValue value when Text(value) is { } source:
                return source;
            case JsonArray named:
                string?[] defaults = [.. named.OfType<JsonObject>().Where(entry => Text(entry["name"]) == DefaultName).Select(entry => Text(entry["template"]))];
                return defaults.FirstOrDefault(source => source is not null)
                    ?? throw Error(path, $"{TemplateKey} is a list without a template named \"{DefaultName}\". Expected one; name the template to use so");
            default:
                throw Error(path, $"{TemplateKey} is neither a string nor a list of named templates. Expected one of them; correct the file");
        }
    }

    /// <summary>Special tokens by name; what the tokenizer's own configuration says wins.</summary>
    private static Dictionary<string, string> SpecialTokens(params JsonObject[] files)
    {
        Dictionary<string, string> tokens = new(StringComparer.Ordinal);
        foreach (JsonObject file in files)
        {
            foreach (string key in TokenKeys)
            {
                string? token = Text(file[key]) ?? Text((file[key] as JsonObject)?["content"]);
                if (token is not null)
                {
                    tokens[key] = token;
                }
            }
        }

        return tokens;
    }

    /// <summary>A text; null for anything else, also for half a surrogate pair.</summary>
    private static string? Text(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonObject ReadObject(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(ReadText(path), documentOptions: JsonOptions) as JsonObject ?? throw Error(path, "is not a JSON object. Expected one; correct the file");
        }
        catch (JsonException e)
        {
            throw Error(path, $"is not valid JSON: {e.Message} Expected a JSON object; correct the file", e);
        }
    }

    private static string ReadText(string path)
    {
        byte[] bytes = BoundedFile.ReadAll(path, MaxBytes);
        return Encoding.UTF8.GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes);
    }

    private static ProximaException Error(string path, string problem, Exception? cause = null) =>
        new(ExitCode.Data, $"{path}: {problem}.", cause);
}
