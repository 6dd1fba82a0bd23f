using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// What an update learns from: a rollout with, for each slot of its grid, log-probs, values, rewards, advantages and returns.
/// Owns its tensors. All are [B, R] float32, on the host, and 0 where masked.
/// </summary>
public sealed class Experience : IDisposable
{
    public required IReadOnlyList<Sequence> Sequences { get; init; }

    public required ResponseGrid Grid { get; init; }

    /// <summary>Log-probs under the policy that wrote the responses: recomputed in training precision, or the sampler's own.</summary>
    public required Tensor LogProbs { get; init; }

    /// <summary>Log-probs under the frozen reference.</summary>
    public required Tensor RefLogProbs { get; init; }

    /// <summary>Entropies of the policy.</summary>
    public required Tensor Entropies { get; init; }

    /// <summary>The critic's values of the states before each token.</summary>
    public required Tensor Values { get; init; }

    /// <summary>−kl_coeff · KL on each token, and the score on one slot.</summary>
    public required Tensor Rewards { get; init; }

    /// <summary>Advantages, whitened when normalize_advantage is on.</summary>
    public required Tensor Advantages { get; init; }

    /// <summary>Advantages before whitening, plus values.</summary>
    public required Tensor Returns { get; init; }

    /// <summary>[B] scores of the reward source, times reward_scale.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>[B] what was added to the rewards: scores normalised, clipped and penalised.</summary>
    public required IReadOnlyList<double> ShapedScores { get; init; }

    /// <summary>Mean over sequences of Σ(lp − ref).</summary>
    public required double KlPerSequence { get; init; }

    public void Dispose()
    {
        foreach (var tensor in new[] { LogProbs, RefLogProbs, Entropies, Values, Rewards, Advantages, Returns })
        {
            tensor.Dispose();
        }
    }
}
