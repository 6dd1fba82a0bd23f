using Proxima.Core;
using Proxima.Core.Ppo;

namespace Proxima.Training.Planning;

/// <summary>How many tokens a step of PPO handles. Every response is taken to be as long as max_dec_len allows.</summary>
public sealed record RunShape
{
    /// <summary>Sequences, micro-batches and steps.</summary>
    public required BatchPlan Batch { get; init; }

    /// <summary>Tokens of training prompts; of many prompts, some.</summary>
    public required IReadOnlyList<int> PromptLengths { get; init; }

    /// <summary>Responses for each prompt.</summary>
    public required int Samples { get; init; }

    /// <summary>Tokens of a response, R.</summary>
    public required int NewTokens { get; init; }

    /// <summary>Tokens of supervised examples beside PPO; empty without a ptx task.</summary>
    public IReadOnlyList<int> PtxLengths { get; init; } = [];

    /// <summary>Tokens of the prompts of an evaluation; empty without one.</summary>
    public IReadOnlyList<int> EvaluationLengths { get; init; } = [];

    /// <summary>Responses for each evaluation prompt.</summary>
    public int EvaluationSamples { get; init; } = 1;

    /// <summary>Prompts of an evaluation batch.</summary>
    public int EvaluationBatch { get; init; } = 1;

    /// <summary>Mean tokens of a prompt.</summary>
    public double MeanPrompt => PromptLengths.Average();

    /// <summary>Tokens of the longest prompt and its response.</summary>
    public int LongestSequence => PromptLengths.Max() + NewTokens;

    /// <summary>Mean tokens of the longest sequence of a micro-batch: what its rows are padded to.</summary>
    public int PaddedSequence => (int)Math.Round(MeanOfLongest(PromptLengths, Batch.SequencesPerMicroBatch)) + NewTokens;

    /// <summary>Tokens of a rollout on one rank, without pads.</summary>
    public double RolloutTokens => Batch.SequencesPerRollout * (MeanPrompt + NewTokens);

    /// <summary>Responses of an evaluation.</summary>
    public int EvaluationResponses => EvaluationLengths.Count * EvaluationSamples;

    /// <summary>Rows of like length in a forward without gradients.</summary>
    /// <param name="sequences">that there are</param>
    /// <param name="length">of the longest</param>
    public static int RowsOfAForward(int sequences, int length) => Math.Clamp(ExperienceBuilder.TokensPerForward / length, 1, sequences);

    /// <summary>The mean of the greatest of some numbers drawn together.</summary>
    /// <param name="lengths">the numbers</param>
    /// <param name="count">drawn together</param>
    internal static double MeanOfLongest(IReadOnlyList<int> lengths, int count)
    {
        int[] order = new CounterRandom(1, RandomPurpose.MicroBatchOrder, 0, 0).Permutation(lengths.Count);
        return order.Chunk(count).Average(chunk => chunk.Max(i => lengths[i]));
    }
}
