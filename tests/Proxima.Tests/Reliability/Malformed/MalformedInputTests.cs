using Proxima.Core;
using Proxima.Tests.Cli.Arguments;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Reliability.Malformed;

/// <summary>
/// Whatever is wrong with what a run reads: a message that says what, the exit code of its kind, no stack trace, and nothing written. The
/// whole command line runs, in this process.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class MalformedInputTests : IDisposable
{
    private const int AtLeast = 200;

    private static readonly Dictionary<string, MalformedInput> Inputs =
        new[] { SettingsCases.All, DataCases.All, ModelCases.All, TextCases.All, CheckpointCases.All }
            .SelectMany(cases => cases).ToDictionary(input => input.Name, StringComparer.Ordinal);

    /// <summary>What reward servers answer to a batch of two, with a part of the message.</summary>
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        [""] = "the answer is no JSON",
        ["null"] = "the answer is",
        ["[1, 2]"] = "the answer is",
        ["{}"] = "no number error_code",
        ["{\"error_code\": \"0\", \"score\": [1, 2]}"] = "no number error_code",
        ["{\"error_code\": 1, \"error_msg\": \"full\"}"] = "error_code 1, \"full\"",
        ["{\"error_code\": 1e999}"] = "error_code 1e999",
        ["{\"error_code\": 0}"] = "no list score",
        ["{\"error_code\": 0, \"score\": 1}"] = "no list score",
        ["{\"error_code\": 0, \"score\": []}"] = "0 scores. Expected 2",
        ["{\"error_code\": 0, \"score\": [1]}"] = "1 scores. Expected 2",
        ["{\"error_code\": 0, \"score\": [1, 2, 3]}"] = "3 scores. Expected 2",
        ["{\"error_code\": 0, \"score\": [1, null]}"] = "score[1] is null",
        ["{\"error_code\": 0, \"score\": [1, \"2\"]}"] = "score[1] is \"2\"",
        ["{\"error_code\": 0, \"score\": [[1], [2]]}"] = "score[0] is [1]",
        ["{\"error_code\": 0, \"score\": [1, 1e999]}"] = "score[1] is 1e999",
        ["{\"error_code\": 0, \"score\": [1, NaN]}"] = "the answer is no JSON",
        ["{\"error_code\": 0, \"score\": [1, 2]"] = "the answer is no JSON",
        ["<html>busy</html>"] = "the answer is no JSON",
    };

    private readonly int _threads = get_num_threads();

    public static TheoryData<string> Names => [.. Inputs.Keys];

    public static TheoryData<string> AnswerTexts => [.. Answers.Keys];

    public void Dispose() => set_num_threads(_threads);

    [Fact]
    public void There_are_enough_of_them() => Assert.True(Inputs.Count + Answers.Count >= AtLeast, $"only {Inputs.Count + Answers.Count}");

    [Fact]
    public async Task What_is_right_runs_to_its_end()
    {
        using InputFolder folder = new();
        (ExitCode exitCode, string error) = folder.RunPpo([]);
        Assert.True(exitCode == ExitCode.Done, error);
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, text => text.Length));
        (exitCode, error) = folder.RunEval(server.Address);
        Assert.True(exitCode == ExitCode.Done, error);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_wrong_is_told_and_nothing_is_written(string name)
    {
        MalformedInput input = Inputs[name];
        using InputFolder folder = new();
        input.Break(folder);
        IReadOnlyList<string> before = folder.Entries();

        (ExitCode exitCode, string error) = folder.RunPpo(input.Words.Select(word => word switch
        {
            "TASK" => folder.At(InputFolder.Task),
            "CHECKPOINT" => folder.At("checkpoint-1"),
            "REWARD" => folder.At("reward"),
            _ => word,
        }));

        AssertTold(input.ExitCode, input.Part, exitCode, error);
        Assert.Equal(before, folder.Entries());
    }

    [Theory]
    [MemberData(nameof(AnswerTexts))]
    public async Task What_is_wrong_with_an_answer_of_a_reward_server_is_told(string answer)
    {
        using InputFolder folder = new();
        IReadOnlyList<string> before = folder.Entries();
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => TestRewardServer.Body(context, answer));

        (ExitCode exitCode, string error) = folder.RunEval(server.Address);

        AssertTold(ExitCode.RewardSource, Answers[answer], exitCode, error);
        Assert.Equal(before, folder.Entries());
    }

    private static void AssertTold(ExitCode expected, string part, ExitCode exitCode, string error)
    {
        const int LongestMessage = 4000;
        Assert.True(exitCode == expected, $"exit code {exitCode}, expected {expected}\n{error}");
        Assert.Contains("error: ", error, StringComparison.Ordinal);
        Assert.True(error.Contains(part, StringComparison.Ordinal), $"no \"{part}\" in {error}");
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 1, LongestMessage);
    }
}
