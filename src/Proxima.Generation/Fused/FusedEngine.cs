using Proxima.Core;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>
/// The fused engine (FuseMT): packed weights, few passes over them, no tensors in the loop. What a response is depends on the
/// weights, its prompt and its random stream alone, to the bit: neither on batch mates nor on the number of threads.
/// </summary>
/// <param name="model">weights and threads</param>
/// <param name="options">how to sample</param>
internal sealed class FusedEngine(FusedModel model, SamplingOptions options) : IGenerationEngine
{
    /// <inheritdoc />
    public IReadOnlyList<SampledResponse> Generate(IReadOnlyList<int[]> prompts, Func<int, CounterRandom> streamOf)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(streamOf);
        Check(prompts);
        int samples = options.SamplesPerPrompt;
        SamplingRow[] rows = [.. Enumerable.Range(0, prompts.Count * samples)
            .Select(i => new SamplingRow(prompts[i / samples], streamOf(i), i, options))];
        PromptQueue queue = new(prompts, rows);
        model.Refresh();
        int threads = model.ThreadsPerLane;
        int laneCount = model.Team.Size / threads;
        GenerationLane[] lanes = [.. Enumerable.Range(0, laneCount).Select(_ => new GenerationLane(model, queue, options, threads, laneCount))];
        try
        {
            model.Team.Run(thread => lanes[thread / threads].Run(thread % threads));
        }
        finally
        {
            foreach (GenerationLane lane in lanes)
            {
                lane.Dispose();
            }

            model.EndRollout();
        }

        return [.. rows.Select(row => row.Response())];
    }

    private void Check(IReadOnlyList<int[]> prompts)
    {
        ModelConfig config = model.Config;
        for (int i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Length == 0)
            {
                throw new ArgumentException($"prompt {i} is empty; at least one token is needed", nameof(prompts));
            }

            if (prompts[i].Any(id => id < 0 || id >= config.VocabularySize))
            {
                throw new ArgumentException($"prompt {i} holds an id that is not in [0, {config.VocabularySize})", nameof(prompts));
            }

            if (config.Traits.Positions == PositionKind.Learned && prompts[i].Length + options.MaxNewTokens > config.MaxPositions)
            {
                throw new ArgumentException(
                    $"prompt {i} has {prompts[i].Length} tokens and {options.MaxNewTokens} may follow; the model has {config.MaxPositions} positions",
                    nameof(prompts));
            }
        }
    }
}
