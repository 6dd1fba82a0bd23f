using Proxima.Core;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Tests.Generation.Fused;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Devices;

/// <summary>The engine for GPUs, run on the CPU: with the same random numbers it draws the tokens of the plain engine.</summary>
public sealed class DeviceEngineTests : IDisposable
{
    private readonly CausalLanguageModel _model = ModelFolder.LoadCausal(RepositoryPaths.Shared("models", "stories260k"), ScalarType.Float32);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("min_dec_len")]
    [InlineData("temperature")]
    [InlineData("greedy")]
    [InlineData("repetition_penalty")]
    [InlineData("top_k")]
    [InlineData("top_p")]
    [InlineData("all")]
    public void It_draws_the_tokens_of_the_plain_engine(string processors)
    {
        SamplingOptions options = Options(processors) with { SamplesPerPrompt = 2 };
        IReadOnlyList<int[]> prompts = [.. Enumerable.Range(0, 40).Select(i => (int[])[1, .. Enumerable.Range(0, 1 + (i % 7)).Select(k => 261 + ((i * 37 + k * 11) % 240))])];
        var agreement = new EngineAgreement(_model, options);
        IReadOnlyList<SampledResponse> expected = new PlainEngine(_model, options).Generate(prompts, StreamOf);

        agreement.Compare(prompts, StreamOf, expected, new DeviceEngine(_model, options).Generate(prompts, StreamOf));

        Assert.Contains(expected, response => response.Stopped);
        Assert.InRange(agreement.Draws, 500, int.MaxValue);
        Assert.InRange(agreement.Edges, 0, 2);
        Assert.InRange(agreement.LogProbGap, 0, 1e-4);
    }

    [Fact]
    public void A_stop_string_ends_a_response_within_a_block_and_readers_are_told_each_token_once()
    {
        List<(int, int)> told = [];
        SamplingOptions options = new()
        {
            MaxNewTokens = 40,
            NewStopStringCheck = () => token => token == 426,
            OnToken = (row, token) => told.Add((row, token)),
        };
        int[][] prompts = [[1, 403, 407, 261, 378, 432], [1, 385, 328]];

        IReadOnlyList<SampledResponse> responses = new DeviceEngine(_model, options).Generate(prompts, StreamOf);

        Assert.All(responses, response => Assert.Equal(response.Stopped ? response.Tokens.Length - 1 : -1, Array.IndexOf(response.Tokens, 426)));
        Assert.Contains(responses, response => response.Stopped);
        Assert.Equal(responses.SelectMany((response, row) => response.Tokens.Select(token => (row, token))), told.OrderBy(pair => pair.Item1));
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_an_error()
    {
        using (no_grad())
        {
            _model.Decoder.Parameters[0].Value.fill_(float.NaN);
        }

        ProximaException error = Assert.ThrowsAny<ProximaException>(
            () => new DeviceEngine(_model, new SamplingOptions { MaxNewTokens = 3 }).Generate([[1, 2]], StreamOf));
        Assert.Equal(ExitCode.Numerical, error.ExitCode);
    }

    private static SamplingOptions Options(string processors)
    {
        SamplingOptions plain = new() { MaxNewTokens = 35, StopTokenIds = [426] };
        return processors switch
        {
            "min_dec_len" => plain with { MinNewTokens = 18 },
            "temperature" => plain with { Temperature = 0.7 },
            "greedy" => plain with { Temperature = 0 },
            "repetition_penalty" => plain with { RepetitionPenalty = 1.3 },
            "top_k" => plain with { TopK = 5 },
            "top_p" => plain with { TopP = 0.8 },
            "all" => plain with { MinNewTokens = 18, Temperature = 0.8, RepetitionPenalty = 1.2, TopK = 20, TopP = 0.9 },
            _ => plain,
        };
    }

    private static CounterRandom StreamOf(int sequence) => new(11, RandomPurpose.Rollout, 0, sequence);
}
