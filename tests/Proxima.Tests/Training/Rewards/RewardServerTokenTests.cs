using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.TestSupport;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Training.Rewards;

public sealed class RewardServerTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_setting_there_is_none() => Assert.Null(RewardServerToken.Read(new RewardSettings()));

    [Fact]
    public void It_comes_from_an_environment_variable()
    {
        string variable = $"PROXIMA_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, "s3cret ");

        Assert.Equal("s3cret", RewardServerToken.Read(new RewardSettings { RewardServerTokenEnv = variable }));
    }

    [Fact]
    public void It_comes_from_a_file_without_the_line_end()
    {
        Assert.Equal("s3cret", RewardServerToken.Read(new RewardSettings { RewardServerTokenFile = _folder.Write("token", "s3cret\n") }));
    }

    [Fact]
    public void A_variable_that_is_not_set_is_an_error()
    {
        AssertError("reward_server_token_env = PROXIMA_NOT_SET: holds no token", new RewardSettings { RewardServerTokenEnv = "PROXIMA_NOT_SET" });
    }

    [Theory]
    [InlineData("", "holds no token")]
    [InlineData(" \n", "holds no token")]
    [InlineData("two words", "holds white space")]
    [InlineData("line\nbreak", "holds white space")]
    [InlineData("schlüssel", "outside ASCII")]
    public void A_file_without_one_word_is_an_error_that_does_not_show_it(string content, string reason)
    {
        ProximaException exception = AssertError(reason, new RewardSettings { RewardServerTokenFile = _folder.Write("token", content) });
        Assert.True(content.Trim().Length == 0 || !exception.Message.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        AssertError("cannot be read", new RewardSettings { RewardServerTokenFile = _folder.At("nowhere") });
    }

    private static ProximaException AssertError(string part, RewardSettings settings)
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => RewardServerToken.Read(settings));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
