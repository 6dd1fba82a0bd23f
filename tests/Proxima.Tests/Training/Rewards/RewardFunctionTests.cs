using System.Diagnostics;
using Proxima.Core;
using Proxima.Tests.Data.Examples;
using Proxima.TestSupport;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Training.Rewards;

public sealed class RewardFunctionTests
{
    [Theory]
    [InlineData("42", "42", 1)]
    [InlineData(" 42\n", "42", 1)]
    [InlineData("42", "\t42 ", 1)]
    [InlineData("cafe\u0301", "caf\u00e9", 1)]
    [InlineData("42.", "42", 0)]
    [InlineData("The answer is 42", "42", 0)]
    [InlineData("Yes", "yes", 0)]
    [InlineData("", "42", 0)]
    [InlineData("", "", 1)]
    public void Exact_answer_compares_texts_but_for_white_space_around_them_and_their_unicode_form(string text, string label, double expected)
    {
        Assert.Equal(expected, new ExactAnswerReward().Score(new ScoredAnswer(Answers.Dialogue with { Label = label }, text, 1)));
    }

    [Fact]
    public void Exact_answer_without_a_label_names_file_and_line()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => new ExactAnswerReward().Score(Scored("42")));

        Assert.Equal(ExitCode.Data, exception.ExitCode);
        Assert.StartsWith("data.jsonl:3: label is missing", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[0-9]+", "abc 7", 1)]
    [InlineData("^[0-9]+$", "abc 7", 0)]
    [InlineData("(?i)HAPPY", "so happy", 1)]
    [InlineData("a(?=b)", "ab", 1)]
    [InlineData("a(?=b)", "ac", 0)]
    [InlineData(@"(\w)\1", "hello", 1)]
    [InlineData(@"(\w)\1", "helo", 0)]
    public void Regex_looks_for_its_pattern_anywhere(string pattern, string text, double expected)
    {
        Assert.Equal(expected, new RegexReward(pattern).Score(Scored(text)));
    }

    [Fact]
    public void A_pattern_without_backtracking_is_linear_in_the_text()
    {
        long started = Stopwatch.GetTimestamp();

        Assert.Equal(0, new RegexReward("^(a+)+$").Score(Scored(new string('a', 20_000) + "!")));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 1);
    }

    [Fact]
    public void A_pattern_that_searches_too_long_ends_the_run()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => new RegexReward("^(?=a)(a+)+$").Score(Scored(new string('a', 40) + "!")));

        Assert.Equal(ExitCode.RewardSource, exception.ExitCode);
        Assert.Contains("reward_pattern = ^(?=a)(a+)+$", exception.Message, StringComparison.Ordinal);
        Assert.Contains("data.jsonl:3", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(5, -0.5)]
    [InlineData(10, 0)]
    [InlineData(12, -0.2)]
    [InlineData(30, -2)]
    public void Length_is_the_relative_distance_from_its_target(int tokens, double expected)
    {
        Assert.Equal(expected, new LengthReward(10).Score(new ScoredAnswer(Answers.Dialogue, "", tokens)), 1e-12);
    }

    [Fact]
    public void Lexicon_scores_the_text_of_the_answer()
    {
        using TemporaryFolder folder = new();
        var reward = new LexiconReward(new LexiconScorer(folder.Write("words.txt", "happy\t3\nsad\t-3\n")));

        Assert.Equal(3 / Math.Sqrt(9 + 15), reward.Score(Scored("So happy!")), 1e-12);
    }

    [Fact]
    public void A_mix_is_the_weighted_sum_of_its_functions()
    {
        var source = new FunctionRewardSource(
            [new WeightedReward("regex", 2, new RegexReward("a")), new WeightedReward("length", 0.5, new LengthReward(4))], ByteTokenizer.Create());

        // "abc": 2 · 1 + ½ · (−1/4). "xxxxxx": 2 · 0 + ½ · (−2/4).
        Assert.Equal([1.875, -0.25], source.Score([Answers.Of("abc"), Answers.Of("xxxxxx")]));
    }

    [Fact]
    public void Special_tokens_are_no_text_but_count_as_length()
    {
        var ended = Answers.Of("yes") with { Response = [.. ByteTokenizer.Ids("yes"), ByteTokenizer.Eos] };
        var source = new FunctionRewardSource(
            [new WeightedReward("regex", 1, new RegexReward("^yes$")), new WeightedReward("length", 1, new LengthReward(4))], ByteTokenizer.Create());

        Assert.Equal([1.0], source.Score([ended]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_function_that_gives_no_finite_number_is_named(double score)
    {
        NonFiniteException exception = Assert.Throws<NonFiniteException>(() => Source(_ => score).Score([Answers.Of("a")]));

        Assert.Contains("reward function mine gave", exception.Message, StringComparison.Ordinal);
        Assert.Contains("data.jsonl:3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_throws_ends_the_run_with_the_place_in_its_code()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => Source(_ => throw new InvalidOperationException("no such word")).Score([Answers.Of("a")]));

        Assert.Equal(ExitCode.RewardSource, exception.ExitCode);
        Assert.Contains("reward function mine failed at an answer to data.jsonl:3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no such word", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(A_function_that_throws_ends_the_run_with_the_place_in_its_code), exception.Message, StringComparison.Ordinal);
    }

    private static ScoredAnswer Scored(string text) => new(Answers.Dialogue, text, text.Length);

    private static FunctionRewardSource Source(Func<ScoredAnswer, double> score) =>
        new([new WeightedReward("mine", 1, new DelegateReward(score))], ByteTokenizer.Create());

    private sealed class DelegateReward(Func<ScoredAnswer, double> score) : IRewardFunction
    {
        public double Score(ScoredAnswer answer) => score(answer);
    }
}
