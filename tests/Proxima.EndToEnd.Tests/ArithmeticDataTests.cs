using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>The data of the default run.</summary>
public sealed class ArithmeticDataTests
{
    [Theory]
    [InlineData("data", "data/arithmetic", 4)]
    [InlineData("tokenizer", "models/arithmetic", 2)]
    public async Task The_generator_writes_the_files_that_ship_byte_by_byte(string what, string folder, int files)
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunProgramAsync("Proxima.Arithmetic", "arithmetic", what, run["out"])).Expect(0);

        string[] written = Directory.GetFiles(run["out"]);
        Assert.Equal(files, written.Length);
        Assert.All(written, file => Assert.Equal(
            File.ReadAllBytes(RepositoryPaths.InRepository([.. folder.Split('/'), Path.GetFileName(file)])), File.ReadAllBytes(file)));
    }

    [Fact]
    public void Every_label_is_right_and_no_held_out_dialogue_is_among_the_training_prompts_or_begins_one()
    {
        HashSet<string> trained = [.. Lines("ppo_train").SelectMany(Beginnings)];

        Assert.All(
            Lines("ppo_train").Concat(Lines("ppo_eval")).Concat(Lines("sft_eval")),
            line => Assert.Equal($"{Answer(line)}", line.GetProperty("label").GetString()));
        Assert.All(Lines("ppo_eval"), line => Assert.DoesNotContain(Beginnings(line).Last(), trained));
        Assert.InRange(Lines("ppo_eval").Count(line => line.GetProperty("src")[0].GetString()!.Any(c => c > '\u3000')), 90, 166);
        Assert.Equal([1, 2, 3], Lines("ppo_eval").Select(line => line.GetProperty("src").GetArrayLength()).Distinct().Order());
    }

    [Fact]
    public void The_right_answer_of_a_comparison_is_the_first_and_alone()
    {
        Assert.All(Lines("preferences_eval"), line =>
        {
            string[] responses = [.. line.GetProperty("response").EnumerateArray().Select(response => response.GetString()!)];
            Assert.Equal($"{Answer(line)}", responses[0]);
            Assert.Equal(4, responses.Distinct().Count());
            Assert.Equal([1, 0, 0, 0], line.GetProperty("sort").EnumerateArray().Select(rank => rank.GetInt32()));
        });
    }

    private static JsonElement[] Lines(string name) =>
        [.. File.ReadLines(RepositoryPaths.InRepository("data", "arithmetic", $"{name}.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The questions up to each turn.</summary>
    private static IEnumerable<string> Beginnings(JsonElement line)
    {
        string[] src = [.. line.GetProperty("src").EnumerateArray().Select(turn => turn.GetString()!)];
        return Enumerable.Range(1, src.Length).Select(turns => string.Join('\n', src.Take(turns)));
    }

    /// <summary>The answer to the last turn, by reading the words.</summary>
    private static int Answer(JsonElement line)
    {
        int answer = 0;
        foreach (JsonElement turn in line.GetProperty("src").EnumerateArray())
        {
            string words = turn.GetString()!;
            int[] numbers = Numbers(words);
            bool takesAway = words.Contains('减', StringComparison.Ordinal) || words.StartsWith("Take", StringComparison.Ordinal) || words.Contains("less", StringComparison.Ordinal);
            answer = numbers.Length == 2 ? numbers.Sum() : answer + (takesAway ? -numbers[0] : numbers[0]);
        }

        return answer;
    }

    private static int[] Numbers(string words) =>
        [.. System.Text.RegularExpressions.Regex.Matches(words, "[0-9]+").Select(match => int.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture))];
}
