using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Ppo;

public sealed class SequenceLengthsTests
{
    [Fact]
    public void The_default_length_gives_way_to_the_positions_of_the_model()
    {
        SamplingSettings resolved = SequenceLengths.Resolve(new() { MaxDecLen = 40 }, isMaxSeqLenWritten: false, positions: 512);

        Assert.Equal((512, 471), (resolved.MaxSeqLen, resolved.MaxPromptLen));
    }

    [Fact]
    public void A_written_length_does_not()
    {
        ProximaException exception = Assert.Throws<ProximaException>(
            () => SequenceLengths.Resolve(new() { MaxSeqLen = 513, MaxDecLen = 40 }, isMaxSeqLenWritten: true, positions: 512));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Contains("max_seq_len = 513", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_length_within_the_positions_stays()
    {
        SamplingSettings resolved = SequenceLengths.Resolve(
            new() { MaxSeqLen = 100, MaxDecLen = 40, MaxPromptLen = 20 }, isMaxSeqLenWritten: true, positions: 512);

        Assert.Equal((100, 20), (resolved.MaxSeqLen, resolved.MaxPromptLen));
    }

    [Theory]
    [InlineData(512, null)]
    [InlineData(511, null)]
    [InlineData(40, 472)]
    public void What_does_not_fit_the_model_is_a_usage_error(int response, int? prompt)
    {
        SamplingSettings sampling = new() { MaxDecLen = response, MaxPromptLen = prompt };

        Assert.Equal(
            ExitCode.Usage,
            Assert.Throws<ProximaException>(() => SequenceLengths.Resolve(sampling, isMaxSeqLenWritten: false, positions: 512)).ExitCode);
    }
}
