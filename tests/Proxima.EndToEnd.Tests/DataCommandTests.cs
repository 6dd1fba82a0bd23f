using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary><c>proxima data check</c> and <c>proxima data convert</c>.</summary>
public sealed class DataCommandTests
{
    [Fact]
    public async Task The_tasks_that_ship_are_whole()
    {
        CommandResult result = (await CommandLine.RunAsync("data", "check", "config/task_ppo.json", "config/task_sft.json")).Expect(0);

        Assert.Contains("rlhf_train_data_test.jsonl: ppo data, 100.0 % of the draws", result.Output, StringComparison.Ordinal);
        Assert.Contains("  lines       18 usable, 0 wrong, 0 duplicates", result.Output, StringComparison.Ordinal);
        Assert.Contains("sft_data_test.jsonl: sft data", result.Output, StringComparison.Ordinal);
        Assert.Contains("  user turns  1: 11 lines, 2: 5 lines, 3: 2 lines", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_lines_duplicates_and_cuts_are_told()
    {
        using var run = new TemporaryRun();
        string data = run.Write("data.jsonl", """
            {"src": ["one day"], "tgt": [], "extra": 1}
            {"src": ["one day", "two"], "tgt": []}
            {"src": ["one day"], "tgt": []}
            {"src": ["Once upon a time", "there was a dog and a cat and a bird and a fish"], "tgt": ["yes"]}

            """);

        CommandResult result = (await CommandLine.RunAsync(
            "data", "check", data, "--model_name_or_path", RepositoryPaths.Shared("models", "stories260k"), "--max_prompt_len", "12")).Expect(3);

        Assert.Contains("  lines       3 usable, 1 wrong, 1 duplicates", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{data}:2: len(tgt) is 0", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{data}:3: says the same as an earlier line", result.Output, StringComparison.Ordinal);
        Assert.Contains("not read    extra (1 lines)", result.Output, StringComparison.Ordinal);
        Assert.Contains("prompts in tokens: min", result.Output, StringComparison.Ordinal);
        Assert.Contains("cut         older turns of 1 lines, the last user turn of 1, a reply of 0", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 lines are wrong", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preference_data_are_known_by_their_first_line()
    {
        CommandResult result = (await CommandLine.RunAsync("data", "check", RepositoryPaths.Shared("data", "stories_prompts", "preferences_val.jsonl"))).Expect(0);

        Assert.Contains("preferences_val.jsonl: preference data", result.Output, StringComparison.Ordinal);
        Assert.Contains("replies in characters: min", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_file_becomes_data_that_pass_the_check()
    {
        using var run = new TemporaryRun();
        string chat = run.Write("chat.jsonl", """
            {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
            {"messages": [{"role": "user", "content": "c"}]}

            """);

        CommandResult refused = (await CommandLine.RunAsync("data", "convert", chat, "--output_file", run["out.jsonl"])).Expect(3);
        Assert.Contains($"{chat}:2: ends with a user turn", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(run["out.jsonl"]));

        CommandResult result = (await CommandLine.RunAsync("data", "convert", chat, "--output_file", run["out.jsonl"], "--skip_invalid_data", "true")).Expect(0);
        Assert.Contains("1 lines of sft data, 1 rows skipped", result.Output, StringComparison.Ordinal);
        Assert.Equal("{\"src\":[\"a\"],\"tgt\":[\"b\"]}\n", File.ReadAllText(run["out.jsonl"]));
        (await CommandLine.RunAsync("data", "check", run["out.jsonl"], "--kind", "sft")).Expect(0);
    }

    [Theory]
    [InlineData(2, "data does not know 'chek'", "chek")]
    [InlineData(2, "data does not know ''")]
    [InlineData(2, "was given no file", "check")]
    [InlineData(2, "one of auto, ppo, sft, preference", "check", "data/sft_data_test.jsonl", "--kind", "pairs")]
    [InlineData(2, "a model, since lengths in tokens are given", "check", "data/sft_data_test.jsonl", "--max_seq_len", "9")]
    [InlineData(3, "cannot be read", "check", "nowhere.jsonl")]
    [InlineData(3, "no usable line (12 skipped; the first: response is missing", "check", "data/sft_data_test.jsonl", "--kind", "preference")]
    [InlineData(2, "a path that ends in .jsonl", "convert", "data/sft_data_test.jsonl")]
    [InlineData(2, "another file than the input", "convert", "data/sft_data_test.jsonl", "--output_file", "data/sft_data_test.jsonl")]
    [InlineData(2, "a file in a folder that exists", "convert", "data/sft_data_test.jsonl", "--output_file", "nowhere/out.jsonl")]
    [InlineData(3, "no layout that is known (columns: src, tgt)", "convert", "data/sft_data_test.jsonl", "--output_file", "artifacts/out.jsonl")]
    public async Task Mistakes_are_told(int exitCode, string part, params string[] words)
    {
        CommandResult result = (await CommandLine.RunAsync(["data", .. words])).Expect(exitCode);

        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
