using Proxima.Core;

namespace Proxima.Generation;

/// <summary>Samples responses. With the same streams every engine gives the same tokens, up to draws within rounding of an edge.</summary>
public interface IGenerationEngine
{
    /// <summary>Answers every prompt with the weights that the model has now.</summary>
    /// <param name="prompts">ids of each prompt, none empty; at least one prompt</param>
    /// <param name="streamOf">the random stream of sequence i, where i = prompt × samples + sample</param>
    /// <returns>prompts × <see cref="SamplingOptions.SamplesPerPrompt"/> responses, the samples of a prompt side by side</returns>
    /// <exception cref="NonFiniteException">the logits of a sampled token are not finite</exception>
    /// <exception cref="OperationCanceledException"><see cref="SamplingOptions.Stop"/> was cancelled</exception>
    public IReadOnlyList<SampledResponse> Generate(IReadOnlyList<int[]> prompts, Func<int, CounterRandom> streamOf);
}
