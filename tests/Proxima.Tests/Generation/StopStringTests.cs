using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.TestSupport;
using Proxima.Text;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation;

/// <summary>Both engines end responses at strings.</summary>
public sealed class StopStringTests : IDisposable
{
    private const int Prompts = 40;

    private static readonly string[] Strings = ["ed to", ". S"];

    private readonly string _folder = RepositoryPaths.Shared("models", "stories260k");
    private readonly CausalLanguageModel _model;
    private readonly Tokenizer _tokenizer;

    public StopStringTests()
    {
        _model = ModelFolder.LoadCausal(_folder, ScalarType.Float32);
        _tokenizer = Tokenizer.Load(_folder);
    }

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 20)]
    [InlineData(true, 20)]
    public void A_response_ends_with_the_token_in_which_a_string_ends(bool isFused, int minDecLen)
    {
        SamplingSettings settings = new() { MaxDecLen = 40, MinDecLen = minDecLen, StopTokenIds = [] };
        IReadOnlyList<SampledResponse> whole = Generate(isFused, settings);

        IReadOnlyList<SampledResponse> ended = Generate(isFused, settings with { StopStrings = Strings });

        int stopped = 0;
        for (int i = 0; i < Prompts; i++)
        {
            int? length = FirstEnd(whole[i].Tokens, minDecLen);
            Assert.Equal(whole[i].Tokens[..(length ?? 40)], ended[i].Tokens);
            Assert.Equal(ended[i].Tokens.Length, ended[i].LogProbs.Length);
            Assert.Equal(length is not null, ended[i].Stopped);
            stopped += ended[i].Stopped ? 1 : 0;
        }

        Assert.InRange(stopped, 10, Prompts - 1);
        Assert.Contains(ended, response => response.Stopped && _tokenizer.Decode(response.Tokens.AsSpan(^1..)).Trim().Length > 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_ignore_eos_no_string_ends_a_response(bool isFused)
    {
        SamplingSettings settings = new() { MaxDecLen = 40, IgnoreEos = true, StopStrings = Strings };
        Assert.All(Generate(isFused, settings), response => Assert.Equal((40, false), (response.Tokens.Length, response.Stopped)));
    }

    [Fact]
    public void A_response_that_a_string_ended_is_finished()
    {
        SamplingSettings settings = new() { MaxDecLen = 40, StopTokenIds = [], StopStrings = Strings };
        using GenerationEngines engines = GenerationEngines.Plain(_model);
        RolloutWorker worker = new(engines, settings, StopCriteria.Of(settings, [], _tokenizer), samplesPerPrompt: Prompts);

        IReadOnlyList<Sequence> sequences = worker.Answer([new Prompt(new() { Src = ["a"], Tgt = [] }, [1, 403, 407])], StreamOf);

        Assert.All(sequences, sequence => Assert.Equal(FirstEnd(sequence.Response, 1) is not null, sequence.Finished));
        Assert.Contains(sequences, sequence => sequence.Finished);
        Assert.Contains(sequences, sequence => !sequence.Finished);
    }

    /// <summary>Tokens after which the text first holds a string that ends at the least length or later.</summary>
    private int? FirstEnd(int[] tokens, int minDecLen)
    {
        int[] counts = [.. Enumerable.Range(1, tokens.Length).Select(n => Occurrences(_tokenizer.DecodeWithSpecialTokens(tokens.AsSpan(0, n))))];
        return Enumerable.Range(minDecLen, tokens.Length - minDecLen + 1).Cast<int?>().FirstOrDefault(n => counts[n!.Value - 1] > (n == 1 ? 0 : counts[n.Value - 2]));
    }

    private static int Occurrences(string text) => Strings.Sum(wanted => text.Split(wanted).Length - 1);

    private IReadOnlyList<SampledResponse> Generate(bool isFused, SamplingSettings settings)
    {
        using GenerationEngines engines = isFused ? GenerationEngines.Fused(_model, threads: 2, ComputeKernel.Fp32, ComputePrecision.Fp32) : GenerationEngines.Plain(_model);
        StopCriteria ends = StopCriteria.Of(settings, [2], _tokenizer);
        IReadOnlyList<int[]> prompts = [.. Enumerable.Range(0, Prompts).Select(i => new[] { 1, 261 + (i * 5) })];
        return engines.Create(new SamplingOptions
        {
            MaxNewTokens = settings.MaxDecLen,
            MinNewTokens = settings.MinDecLen,
            StopTokenIds = ends.TokenIds,
            NewStopStringCheck = ends.NewStringCheck,
        }).Generate(prompts, StreamOf);
    }

    private static CounterRandom StreamOf(int i) => new(7, RandomPurpose.Rollout, 1, i);
}
