using System.IO.Compression;
using System.Text.Json.Nodes;
using Proxima.TestSupport;
using Proxima.Text.Templates;

namespace Proxima.Tests.Text.Templates;

/// <summary>Templates of real models on 34 conversations, with and without generation prompt.</summary>
public sealed class RealTemplateGoldenTests
{
    [Theory]
    [InlineData("qwen2_5")]
    [InlineData("qwen3")]
    [InlineData("llama3")]
    [InlineData("llama3_1")]
    [InlineData("llama4")]
    [InlineData("gemma3")]
    [InlineData("deepseek_v3")]
    public void Every_conversation_gives_what_jinja_gives(string name)
    {
        string folder = RepositoryPaths.Shared("goldens", "chat_templates");
        ChatTemplate template = Load(folder, name);
        Dictionary<string, JsonObject> conversations = ReadArray(File.ReadAllText(Path.Combine(folder, "conversations.json")))
            .ToDictionary(entry => entry["name"]!.GetValue<string>());
        JsonObject[] cases = [.. ReadArray(Unpack(Path.Combine(folder, "expected_real.json.gz")))
            .Where(entry => entry["template"]!.GetValue<string>() == name)];

        string[] wrong = [.. cases.Select(entry => Compare(template, conversations, entry)).OfType<string>()];

        Assert.Equal(68, cases.Length);
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {cases.Length} differ:\n{string.Join('\n', wrong)}");
    }

    private static string? Compare(ChatTemplate template, Dictionary<string, JsonObject> conversations, JsonObject expected)
    {
        string name = expected["conversation"]!.GetValue<string>();
        JsonObject conversation = conversations[name];
        ChatTemplateInput input = new()
        {
            Messages = conversation["messages"]!.AsArray(),
            Tools = conversation["tools"]?.AsArray(),
            Variables = conversation["variables"]?.AsObject(),
            AddGenerationPrompt = expected["add_generation_prompt"]!.GetValue<bool>(),
        };
        string? error = expected["error"]?.GetValue<string>();
        try
        {
            string text = template.Render(input).Text;
            return error is null && text == expected["expected"]!.GetValue<string>() ? null : $"{name}: {text}";
        }
        catch (TemplateException e)
        {
            bool isExpected = error is not null
                && e.Kind == TemplateRun.KindOf(error)
                && (e.Kind != TemplateErrorKind.RaiseException || e.Message == expected["message"]!.GetValue<string>());
            return isExpected ? null : $"{name}: {e.Kind} {e.Message}";
        }
    }

    private static ChatTemplate Load(string folder, string name)
    {
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "templates", "manifest.json")))!;
        Dictionary<string, string> tokens = manifest[name]!["special_tokens"]!.AsObject()
            .ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>());
        string source = File.ReadAllText(Path.Combine(folder, "templates", name + ".jinja"));
        return ChatTemplate.Parse(source, TemplateRun.Options with { SpecialTokens = tokens });
    }

    private static IEnumerable<JsonObject> ReadArray(string json) => JsonNode.Parse(json)!.AsArray().Select(entry => entry!.AsObject());

    private static string Unpack(string path)
    {
        using GZipStream stream = new(File.OpenRead(path), CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
