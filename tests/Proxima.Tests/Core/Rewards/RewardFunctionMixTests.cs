using Proxima.Core;
using Proxima.Core.Rewards;

namespace Proxima.Tests.Core.Rewards;

public sealed class RewardFunctionMixTests
{
    [Fact]
    public void A_name_alone_has_weight_1()
    {
        Assert.Equal([new RewardFunctionTerm("lexicon", 1)], RewardFunctionMix.Parse("lexicon"));
    }

    [Fact]
    public void A_mix_has_a_weight_for_each_name()
    {
        Assert.Equal(
            [new RewardFunctionTerm("lexicon", 2), new RewardFunctionTerm("length", -0.5)],
            RewardFunctionMix.Parse("lexicon:2, length:-0.5"));
    }

    [Fact]
    public void Functions_of_the_users_own_stand_beside_the_built_in_ones()
    {
        Assert.Equal(
            [new RewardFunctionTerm("mine", 3), new RewardFunctionTerm("length", 1)],
            RewardFunctionMix.Parse("mine:3,length", ["mine"]));
        ProximaException exception = Assert.Throws<ProximaException>(() => RewardFunctionMix.Parse("mind", ["mine"]));
        Assert.Contains("the nearest is mine (there are exact_answer, regex, length, lexicon, mine)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lexicn", "the nearest is lexicon")]
    [InlineData("", "no function is named ''")]
    [InlineData("lexicon,", "no function is named ''")]
    [InlineData("regex:much", "the weight 'much' of regex is no number")]
    [InlineData("regex:NaN", "the weight 'NaN' of regex is no number")]
    [InlineData("regex:1,regex:2", "regex stands twice")]
    public void Anything_else_is_a_usage_error(string text, string reason)
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => RewardFunctionMix.Parse(text));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("length:1,lexicon:2", true)]
    [InlineData("length", false)]
    [InlineData(null, false)]
    public void Names_tells_whether_a_function_is_in_the_mix(string? text, bool expected)
    {
        Assert.Equal(expected, RewardFunctionMix.Names(text, RewardFunctionMix.Lexicon));
    }
}
