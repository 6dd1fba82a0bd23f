using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary><c>proxima generate</c>: prompts in, answers out.</summary>
public sealed class GenerateTests
{
    /// <summary>What llama2.c prints for the prompt "Once upon a time" at temperature 0, and golden_logits.json holds as ids.</summary>
    private const string GreedyStory =
        ", there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball. "
        + "She wanted to play with it, but it was too high.\nLily";

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_greedy_answer_is_the_golden_one_with_either_engine(string fused)
    {
        CommandResult result = (await RunAsync("Once upon a time", "--temperature", "0", "--max_dec_len", "60", "--use_fusemt", fused)).Expect(0);

        Assert.Equal(GreedyStory + "\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Greedy_answers_of_SmolLM2_are_the_golden_ones()
    {
        string model = await SmolLm2.FolderAsync();
        using var run = new TemporaryRun();
        JsonArray prompts = JsonNode.Parse(File.ReadAllText(RepositoryPaths.Shared("models", "smollm2-135m-instruct", "golden.json")))!["prompts"]!.AsArray();
        string file = run.Write("prompts.jsonl", string.Concat(prompts.Select(prompt => SmolLm2.Line(prompt!["messages"]!.AsArray()) + "\n")));

        (await CommandLine.RunAsync(
            "generate", "--model_name_or_path", model, "--prompts_file", file, "--output_file", run["answers.jsonl"],
            "--temperature", "0", "--max_dec_len", "24")).Expect(0);

        JsonElement[] answers = Lines(File.ReadAllText(run["answers.jsonl"]));
        Assert.Equal(5, answers.Length);
        Assert.All(prompts.Zip(answers), pair =>
        {
            string expected = pair.First!["greedy_24_text"]!.GetValue<string>();
            Assert.Equal(expected.Replace("<|im_end|>", "", StringComparison.Ordinal), Responses(pair.Second).Single());
            Assert.Equal(expected.EndsWith("<|im_end|>", StringComparison.Ordinal), pair.Second.GetProperty("finished")[0].GetBoolean());
            Assert.Equal(pair.First!["greedy_24"]!.AsArray().Count, pair.Second.GetProperty("response_length")[0].GetInt32());
        });
    }

    [Fact]
    public async Task Several_answers_to_each_prompt_of_a_file_depend_on_the_seed_and_not_on_batches()
    {
        using var run = new TemporaryRun();
        string prompts = run.Write("prompts.jsonl", """
            {"src": ["One day"], "tgt": [], "label": "x"}
            {"src": ["Once", "again"], "tgt": ["upon"], "system": "Tim:"}
            {"src": ["The cat"], "tgt": []}

            """);
        string[] words = ["--prompts_file", prompts, "--num_return_sequences", "3", "--max_dec_len", "8", "--num_threads", "1"];

        (await RunAsync([.. words, "--output_file", run["a.jsonl"]])).Expect(0);
        CommandResult onOutput = (await RunAsync([.. words, "--output_file", "-", "--per_device_eval_batch_size", "1", "--use_fusemt", "false"])).Expect(0);
        (await RunAsync([.. words, "--output_file", run["b.jsonl"], "--seed", "7"])).Expect(0);

        string text = File.ReadAllText(run["a.jsonl"]);
        Assert.Equal(text, onOutput.Output);
        Assert.NotEqual(text, File.ReadAllText(run["b.jsonl"]));
        JsonElement[] lines = Lines(text);
        Assert.Equal(3, lines.Length);
        Assert.Equal("x", lines[0].GetProperty("label").GetString());
        Assert.Equal("Tim:", lines[1].GetProperty("system").GetString());
        Assert.Equal(["Once", "again"], lines[1].GetProperty("src").EnumerateArray().Select(e => e.GetString()));
        Assert.All(lines, line => Assert.Equal(3, Responses(line).Distinct().Count()));
        Assert.All(lines, line => Assert.All(line.GetProperty("response_length").EnumerateArray(), length => Assert.InRange(length.GetInt32(), 1, 8)));
    }

    [Fact]
    public async Task Prompts_of_a_text_file_are_answered_to_be_read()
    {
        using var run = new TemporaryRun();
        string prompts = run.Write("prompts.txt", "Once upon a time\n\nOne day\n");

        CommandResult result = (await RunAsync("--prompts_file", prompts, "--temperature", "0", "--max_dec_len", "4")).Expect(0);

        string[] lines = result.Output.Split('\n');
        Assert.Equal(["> Once upon a time", ", there was a", "", "> One day"], lines[..4]);
    }

    [Fact]
    public async Task A_chat_remembers_until_it_is_reset()
    {
        using RunningCommand chat = CommandLine.StartWithInput(
            "Once upon a time\n\n/reset\nOnce upon a time\nagain\n/exit\nnever read\n",
            "generate", "--model_name_or_path", RepositoryPaths.Shared("models", "stories260k"), "--temperature", "0", "--max_dec_len", "4");
        CommandResult result = (await chat.EndAsync()).Expect(0);

        // The third answer reads "Once upon a time\n, there was a\nagain": the history makes it another one than "again" alone gets.
        string[] answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([", there was a", ", there was a"], answers[..2]);
        CommandResult alone = (await RunAsync("again", "--temperature", "0", "--max_dec_len", "4")).Expect(0);
        string history = "Once upon a time\n, there was a\nagain";
        CommandResult whole = (await RunAsync(history, "--temperature", "0", "--max_dec_len", "4")).Expect(0);
        Assert.NotEqual(alone.Output, whole.Output);
        Assert.Equal(whole.Output, string.Join('\n', answers[2..]) + "\n");
    }

    [Theory]
    [InlineData(2, "model_name_or_path = none", "One day")]
    [InlineData(3, "no such folder", "One day", "--model_name_or_path", "nowhere")]
    [InlineData(2, "num_return_sequences = 2", "--model_name_or_path", "MODEL", "--num_return_sequences", "2")]
    [InlineData(2, "output_file = out.jsonl", "--model_name_or_path", "MODEL", "--output_file", "out.jsonl")]
    [InlineData(2, "The nearest is temperature", "One day", "--model_name_or_path", "MODEL", "--temprature", "0")]
    [InlineData(2, "none, since 1 prompts stand on the command line", "One day", "--model_name_or_path", "MODEL", "--prompts_file", "prompts.txt")]
    [InlineData(2, "no empty prompt", "", "--model_name_or_path", "MODEL")]
    [InlineData(3, "nowhere.txt: cannot be read", "--model_name_or_path", "MODEL", "--prompts_file", "nowhere.txt")]
    [InlineData(3, "nowhere.jsonl: cannot be read", "--model_name_or_path", "MODEL", "--prompts_file", "nowhere.jsonl")]
    [InlineData(3, "Expected a name that ends in .jsonl", "--model_name_or_path", "MODEL", "--prompts_file", "prompts.csv")]
    [InlineData(2, "expected a file in a folder that exists", "One day", "--model_name_or_path", "MODEL", "--output_file", "nowhere/out.jsonl")]
    [InlineData(2, "stop_strings = END", "One day", "--model_name_or_path", "MODEL", "--stop_strings", "END")]
    [InlineData(2, "max_dec_len = 600", "One day", "--model_name_or_path", "MODEL", "--max_dec_len", "600")]
    public async Task Mistakes_are_told_and_nothing_is_answered(int exitCode, string part, params string[] words)
    {
        string model = RepositoryPaths.Shared("models", "stories260k");
        CommandResult result = (await CommandLine.RunAsync(["generate", .. words.Select(word => word == "MODEL" ? model : word)])).Expect(exitCode);

        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task A_bad_line_is_named_or_skipped_on_demand()
    {
        using var run = new TemporaryRun();
        string prompts = run.Write("prompts.jsonl", "{\"src\": [\"One day\"], \"tgt\": []}\n{\"src\": []}\n");
        string[] words = ["--prompts_file", prompts, "--max_dec_len", "2", "--output_file", run["out.jsonl"]];

        CommandResult refused = (await RunAsync(words)).Expect(3);
        Assert.Contains("prompts.jsonl:2", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(run["out.jsonl"]));

        CommandResult skipped = (await RunAsync([.. words, "--skip_invalid_data", "true"])).Expect(0);
        Assert.Contains("1 of 2 lines skipped", skipped.Error, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(run["out.jsonl"]));
    }

    [Fact]
    public async Task Settings_that_change_nothing_get_a_warning()
    {
        CommandResult result = (await RunAsync("One day", "--temperature", "0", "--top_p", "0.5", "--seed", "3", "--max_dec_len", "2")).Expect(0);

        Assert.Contains("warning: top_p = 0.5 has no effect", result.Error, StringComparison.Ordinal);
        Assert.Contains("warning: seed = 3 has no effect", result.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(params string[] words) =>
        CommandLine.RunAsync(["generate", "--model_name_or_path", RepositoryPaths.Shared("models", "stories260k"), .. words]);

    private static JsonElement[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static IEnumerable<string> Responses(JsonElement line) => line.GetProperty("response").EnumerateArray().Select(e => e.GetString()!);
}
