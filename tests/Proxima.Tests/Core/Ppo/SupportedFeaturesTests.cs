namespace Proxima.Tests.Core.Ppo;

public sealed class SupportedFeaturesTests
{
    [Theory]
    [InlineData("async_save", "true", "--sharding", "stage1")]
    public void What_cannot_take_effect_yet_is_refused_with_the_reason(string key, string value, params string[] more)
    {
        string error = Assert.Single(PpoWords.Errors([$"--{key}", value, .. more]));

        Assert.StartsWith($"{key} = {value} (command line): expected to be left out, since ", error, StringComparison.Ordinal);
        Assert.EndsWith(". Remove it.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", "fp16", "true", "float16 products on a CPU")]
    [InlineData("cuda", "sharding", "stage1", "pages of the host's memory")]
    [InlineData("cuda:1", "offload", "true", "pages of the host's memory")]
    public void What_a_device_cannot_do_is_refused_where_the_settings_name_it(string device, string key, string value, string reason)
    {
        string error = Assert.Single(PpoWords.Errors("--device", device, $"--{key}", value));

        Assert.StartsWith($"{key} = {value} (command line): expected to be left out, since ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        _ = PpoWords.Load("--device", "auto", $"--{key}", value); // it is not known yet which device that is
    }

    [Fact]
    public void Refusals_stand_in_the_same_message_as_other_mistakes()
    {
        Assert.Equal(3, PpoWords.Errors("--async_save", "true", "--sharding", "stage1", "--top_p", "2", "--max_stepz", "1").Length);
    }
}
