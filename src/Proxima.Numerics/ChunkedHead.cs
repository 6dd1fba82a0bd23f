using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>
/// The language-model head, some rows at a time: hidden states go to logits, to log-probs and (in training) back to gradients
/// before the next rows come, so that no [B, T, V] tensor ever exists.
/// </summary>
public static class ChunkedHead
{
    private const long LogitsPerChunk = 1 << 23; // 32 MiB of float32
    private const long FewestRows = 64;

    /// <summary>Log-probs and entropies of given tokens, without gradients.</summary>
    /// <param name="head">[N, C] → logits [N, V]</param>
    /// <param name="hidden">[N, C]</param>
    /// <param name="tokens">[N] int64</param>
    /// <param name="temperature">divides the logits</param>
    /// <param name="vocabularySize">V</param>
    /// <returns>[N] and [N], float32</returns>
    public static (Tensor LogProbs, Tensor Entropies) Evaluate(
        Func<Tensor, Tensor> head, Tensor hidden, Tensor tokens, double temperature, long vocabularySize)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var logProbs = empty(tokens.shape[0], dtype: ScalarType.Float32, device: hidden.device); // [N]
        var entropies = empty_like(logProbs); // [N]
        foreach ((long start, long count) in Chunks(tokens.shape[0], vocabularySize))
        {
            using var chunkScope = NewDisposeScope();
            var logSoftmax = TokenDistribution.LogSoftmax(head(hidden.narrow(0, start, count)), temperature);
            logProbs.narrow(0, start, count).copy_(TokenDistribution.LogProbs(logSoftmax, tokens.narrow(0, start, count)));
            entropies.narrow(0, start, count).copy_(TokenDistribution.Entropies(logSoftmax));
        }

        return (logProbs.MoveToOuterDisposeScope(), entropies.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Adds the gradients of a loss over tokens to the head's weights and runs the rest of the backward pass through
    /// <paramref name="hidden"/>. All that the loss needs besides the new log-probs is known before the forward, so each chunk's
    /// gradients are taken at once.
    /// </summary>
    /// <param name="head">[N, C] → logits [N, V]</param>
    /// <param name="hidden">[N, C] with its graph</param>
    /// <param name="tokens">[N] int64</param>
    /// <param name="temperature">divides the logits</param>
    /// <param name="vocabularySize">V</param>
    /// <param name="loss">log-probs [n], entropies [n] (null unless <paramref name="entropies"/>) and the first row's number → the chunk's scalar share of the loss</param>
    /// <param name="entropies">whether the loss reads entropies</param>
    /// <returns>log-probs [N], without gradients, and the summed loss</returns>
    public static (Tensor LogProbs, Tensor Loss) Backward(
        Func<Tensor, Tensor> head, Tensor hidden, Tensor tokens, double temperature, long vocabularySize,
        Func<Tensor, Tensor?, long, Tensor> loss, EntropyUse entropies)
    {
        using var scope = NewDisposeScope();
        var logProbs = empty(tokens.shape[0], dtype: ScalarType.Float32, device: hidden.device); // [N]
        var total = zeros(1, dtype: ScalarType.Float32, device: hidden.device).squeeze(0);
        var hiddenGradient = empty_like(hidden.detach()); // [N, C]
        foreach ((long start, long count) in Chunks(tokens.shape[0], vocabularySize))
        {
            using var chunkScope = NewDisposeScope();
            var states = hidden.detach().narrow(0, start, count).detach().requires_grad_(true); // [n, C]
            var logSoftmax = TokenDistribution.LogSoftmax(head(states), temperature); // [n, V]
            var chunkLogProbs = TokenDistribution.LogProbs(logSoftmax, tokens.narrow(0, start, count)); // [n]
            var chunkLoss = loss(chunkLogProbs, entropies == EntropyUse.InLoss ? TokenDistribution.Entropies(logSoftmax) : null, start);
            chunkLoss.backward();
            hiddenGradient.narrow(0, start, count).copy_(states.grad!);
            logProbs.narrow(0, start, count).copy_(chunkLogProbs.detach());
            total.add_(chunkLoss.detach());
        }

        hidden.backward([hiddenGradient]);
        return (logProbs.MoveToOuterDisposeScope(), total.MoveToOuterDisposeScope());
    }

    private static IEnumerable<(long Start, long Count)> Chunks(long rows, long vocabularySize)
    {
        long size = Math.Max(FewestRows, LogitsPerChunk / vocabularySize);
        for (long start = 0; start < rows; start += size)
        {
            yield return (start, Math.Min(size, rows - start));
        }
    }
}
