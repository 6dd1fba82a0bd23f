namespace Proxima.Tests.Core.Ppo;

public sealed class SupportedFeaturesTests
{
    [Theory]
    [InlineData("async_save", "true", "--sharding", "stage1")]
    [InlineData("device", "cuda:0")]
    [InlineData("fp16", "true")]
    public void What_cannot_take_effect_yet_is_refused_with_the_reason(string key, string value, params string[] more)
    {
        string error = Assert.Single(PpoWords.Errors([$"--{key}", value, .. more]));

        Assert.StartsWith($"{key} = {value} (command line): expected to be left out, since ", error, StringComparison.Ordinal);
        Assert.EndsWith(". Remove it.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_stand_in_the_same_message_as_other_mistakes()
    {
        Assert.Equal(3, PpoWords.Errors("--fp16", "true", "--top_p", "2", "--max_stepz", "1").Length);
    }
}
