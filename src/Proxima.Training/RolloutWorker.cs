using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;

namespace Proxima.Training;

/// <summary>Step 1 of the loop: the actor answers prompts.</summary>
public sealed class RolloutWorker
{
    private readonly IGenerationEngine _engine;
    private readonly SamplingSettings _sampling;
    private readonly int _samplesPerPrompt;
    private readonly SharedWork _work;
    private readonly RestingWeights _weights;

    /// <param name="engines">engines of the model that answers</param>
    /// <param name="sampling">lengths and processors</param>
    /// <param name="ends">what ends a response</param>
    /// <param name="samplesPerPrompt">responses for each prompt</param>
    /// <param name="work">divides the prompts among the ranks; null: there is one</param>
    /// <param name="weights">where the weights are between rollouts; null: always here</param>
    /// <param name="stop">ends a rollout between two tokens</param>
    public RolloutWorker(
        GenerationEngines engines,
        SamplingSettings sampling,
        StopCriteria ends,
        int samplesPerPrompt,
        SharedWork? work = null,
        RestingWeights? weights = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(engines);
        ArgumentNullException.ThrowIfNull(sampling);
        ArgumentNullException.ThrowIfNull(ends);
        _sampling = sampling;
        _samplesPerPrompt = samplesPerPrompt;
        _work = work ?? SharedWork.Alone();
        _weights = weights ?? RestingWeights.AlwaysWhole;
        _engine = engines.Create(Options(sampling, ends) with { SamplesPerPrompt = samplesPerPrompt, Stop = stop });
    }

    /// <summary>What the settings say of sampling one response.</summary>
    /// <param name="sampling">lengths and processors</param>
    /// <param name="ends">what ends a response</param>
    public static SamplingOptions Options(SamplingSettings sampling, StopCriteria ends) => new()
    {
        MaxNewTokens = sampling.MaxDecLen,
        MinNewTokens = sampling.MinDecLen,
        RepetitionPenalty = sampling.RepetitionPenalty,
        Temperature = sampling.Temperature,
        TopK = sampling.TopK,
        TopP = sampling.TopP,
        StopTokenIds = ends.TokenIds,
        NewStopStringCheck = ends.NewStringCheck,
    };

    /// <summary>Answers prompts; each rank a share of them.</summary>
    /// <param name="prompts">the prompts of all ranks</param>
    /// <param name="streamOf">the random stream of sequence i</param>
    /// <returns>prompts × samples sequences, the samples of a prompt side by side</returns>
    /// <exception cref="OperationCanceledException">a stop was asked for; the rollout is lost</exception>
    public IReadOnlyList<Sequence> Answer(IReadOnlyList<Prompt> prompts, Func<int, CounterRandom> streamOf)
    {
        _weights.Gather(ModelRole.Actor);
        IReadOnlyList<SampledResponse[]> responses = _work.Do(
            "the rollout", [.. prompts.Select(p => p.Ids.Length)], share => Generate(prompts, share, streamOf), ResultFormats.Responses);
        return [.. responses.SelectMany(ofPrompt => ofPrompt).Select((response, i) => ToSequence(prompts[i / _samplesPerPrompt], response, i))];
    }

    /// <returns>the responses to each prompt of a share</returns>
    private IReadOnlyList<SampledResponse[]> Generate(IReadOnlyList<Prompt> prompts, int[] share, Func<int, CounterRandom> streamOf)
    {
        int S = _samplesPerPrompt;
        return [.. _engine.Generate([.. share.Select(i => prompts[i].Ids)], i => streamOf((share[i / S] * S) + (i % S))).Chunk(S)];
    }

    private Sequence ToSequence(Prompt prompt, SampledResponse response, int index) => new()
    {
        Index = index,
        Dialogue = prompt.Dialogue,
        Prompt = prompt.Ids,
        Response = response.Tokens,
        SamplerLogProbs = response.LogProbs,
        SamplerEntropies = response.Entropies,
        Finished = response.Stopped || (_sampling.IgnoreEos && response.Tokens.Length == _sampling.MaxDecLen),
    };
}
