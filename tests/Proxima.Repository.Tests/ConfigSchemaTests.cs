using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

/// <summary>The JSON Schemas in config/schema, judged by a validator that is not Proxima's.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] Literals =
    [
        "-2", "-1", "0", "0.5", "1", "2", "7", "100000000", "true", "false", "null", "\"none\"", "\"\"", "\"x\"", "\"1\"", "\"linear\"", "\"stage1\"", "\"steps\"", "\"O1\"",
        "\"auto\"", "[]", "[3]", "[-3]", "[0.5]", "[\"a\"]", "[\"\"]", "{}",
    ];

    private static readonly Dictionary<string, ArgumentSchema> SchemaOf = new()
    {
        ["ppo"] = ArgumentSchema.Of<PpoCommandSettings>(),
        ["sft"] = ArgumentSchema.Of<SftCommandSettings>(),
        ["reward"] = ArgumentSchema.Of<RewardCommandSettings>(),
        ["generate"] = ArgumentSchema.Of<GenerateCommandSettings>(),
        ["eval"] = ArgumentSchema.Of<EvalCommandSettings>(),
    };

    [Fact]
    public void The_files_are_what_the_program_prints()
    {
        Assert.Equal(SchemaOf.Keys.Order(), Directory.EnumerateFiles(RepositoryPaths.InRepository("config", "schema")).Select(Path.GetFileNameWithoutExtension).Order());
        Assert.All(SchemaOf, pair => Assert.Equal(
            ConfigSchema.Text(pair.Value, $"proxima {pair.Key}"), File.ReadAllText(RepositoryPaths.InRepository("config", "schema", $"{pair.Key}.json"))));
    }

    [Fact]
    public void Every_shipped_config_names_the_schema_of_its_command_and_keeps_to_it()
    {
        Assert.All(ConfigFilesTests.Configs(), config =>
        {
            JsonNode document = JsonNode.Parse(File.ReadAllText(config), documentOptions: WithComments)!;
            string schema = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(config)!, (string)document["$schema"]!));
            string name = Path.GetFileNameWithoutExtension(config);
            string command = new[] { "sft", "reward" }.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.Ordinal)) ?? "ppo";

            Assert.Equal(RepositoryPaths.InRepository("config", "schema", $"{command}.json"), schema);
            Assert.True(JsonSchema.FromText(File.ReadAllText(schema)).Evaluate(document).IsValid, config);
        });
    }

    /// <summary>Lists that are written as one text are the only place where an editor sees less than the program.</summary>
    [Fact]
    public void The_schema_of_ppo_takes_what_the_program_takes_and_nothing_else()
    {
        ArgumentSchema arguments = SchemaOf["ppo"];
        JsonSchema schema = JsonSchema.FromText(ConfigSchema.Text(arguments, "proxima ppo"));
        SettingsBinder<PpoCommandSettings> binder = new("proxima ppo");
        using var folder = new TemporaryFolder();
        int refused = 0;
        foreach (ArgumentDefinition argument in arguments.Arguments)
        {
            foreach (string literal in Literals)
            {
                string text = $"{{\"{argument.Name}\": {literal}}}";
                bool isTaken = binder.Bind([folder.Write("config.json", text)]).Errors.Count == 0;
                bool isValid = schema.Evaluate(JsonNode.Parse(text)).IsValid;
                bool isListAsText = argument.Type.ShortName.StartsWith("list", StringComparison.Ordinal) && literal.StartsWith('"');
                refused += isTaken ? 0 : 1;

                Assert.True(isTaken == isValid || (isListAsText && isValid), $"{text}: the program {(isTaken ? "takes" : "refuses")} it, the schema {(isValid ? "takes" : "refuses")} it");
            }
        }

        Assert.InRange(refused, arguments.Arguments.Count, arguments.Arguments.Count * Literals.Length);
    }

    [Fact]
    public void An_unknown_name_is_no_part_of_the_schema()
    {
        JsonSchema schema = JsonSchema.FromText(ConfigSchema.Text(SchemaOf["sft"], "proxima sft"));

        Assert.False(schema.Evaluate(JsonNode.Parse("""{"learning_rat": 1}""")).IsValid);
        Assert.True(schema.Evaluate(JsonNode.Parse("""{"$schema": "x", "learning_rate": 1}""")).IsValid);
    }
}
