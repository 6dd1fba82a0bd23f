using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>
/// The language-model head, some rows at a time: hidden states go to logits, to log-probs and (in training) back to gradients
/// before the next rows come, so that no [B, T, V] tensor ever exists. On the CPU each row is worked on in one pass; elsewhere by
/// tensor operations.
/// </summary>
public static class ChunkedHead
{
    private const long LogitsPerChunk = 1 << 24; // 64 MiB of float32
    private const long FewestRows = 64;

    /// <summary>Log-probs and entropies of given tokens, without gradients.</summary>
    /// <param name="head">[N, C] → logits [N, V]</param>
    /// <param name="hidden">[N, C]</param>
    /// <param name="tokens">[N] int64</param>
    /// <param name="temperature">divides the logits</param>
    /// <returns>[N] and [N], float32</returns>
    public static (Tensor LogProbs, Tensor Entropies) Evaluate(VocabularyHead head, Tensor hidden, Tensor tokens, double temperature)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var matrix = head.Operand(head.Weight);
        int N = (int)tokens.shape[0];
        var logProbs = empty(N, dtype: ScalarType.Float32, device: hidden.device);
        var entropies = empty_like(logProbs);
        var memory = LogitMemory(N, matrix); // [chunk, V]
        foreach ((int start, int count) in Chunks(N, head.VocabularySize))
        {
            using var chunkScope = NewDisposeScope();
            using ILogitRows rows = Rows(Logits(hidden, start, count, matrix, memory), tokens.narrow(0, start, count), temperature, head.SoftCap);
            logProbs.narrow(0, start, count).copy_(rows.LogProbs);
            entropies.narrow(0, start, count).copy_(rows.Entropies);
        }

        return (logProbs.MoveToOuterDisposeScope(), entropies.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Adds the gradients of a loss over tokens to the head's weights and runs the rest of the backward pass through
    /// <paramref name="hidden"/>. All that the loss needs besides the new log-probs is known before the forward, so each chunk's
    /// gradients are taken at once, in place of its logits.
    /// </summary>
    /// <param name="head">[N, C] → logits [N, V]</param>
    /// <param name="hidden">[N, C] with its graph</param>
    /// <param name="tokens">[N] int64</param>
    /// <param name="temperature">divides the logits</param>
    /// <param name="loss">log-probs [n], entropies [n] (null unless <paramref name="entropies"/>) and the first row's number → the chunk's scalar share of the loss</param>
    /// <param name="entropies">whether the loss reads entropies</param>
    /// <returns>log-probs [N], without gradients, and the summed loss</returns>
    public static (Tensor LogProbs, Tensor Loss) Backward(
        VocabularyHead head, Tensor hidden, Tensor tokens, double temperature, Func<Tensor, Tensor?, long, Tensor> loss, EntropyUse entropies)
    {
        using var scope = NewDisposeScope();
        int N = (int)tokens.shape[0];
        var logProbs = empty(N, dtype: ScalarType.Float32, device: hidden.device);
        var total = zeros([], dtype: ScalarType.Float32, device: hidden.device);
        var states = hidden.detach(); // [N, C]
        var hiddenGradient = empty_like(states); // [N, C]
        var matrix = head.Operand(head.Weight.detach()); // [V, C]
        var memory = LogitMemory(N, matrix); // [chunk, V]
        foreach ((int start, int count) in Chunks(N, head.VocabularySize))
        {
            using var chunkScope = NewDisposeScope();
            using ILogitRows rows = Rows(Logits(states, start, count, matrix, memory), tokens.narrow(0, start, count), temperature, head.SoftCap);
            var chunkLogProbs = rows.LogProbs.detach().requires_grad_(true); // [n]
            var chunkEntropies = entropies == EntropyUse.InLoss ? rows.Entropies.detach().requires_grad_(true) : null; // [n]
            var chunkLoss = loss(chunkLogProbs, chunkEntropies, start);
            chunkLoss.backward();
            total.add_(chunkLoss.detach());

            using var noGrad = no_grad();
            logProbs.narrow(0, start, count).copy_(chunkLogProbs);
            var logitGradients = rows.Differentiate(Gradient(chunkLogProbs), chunkEntropies is null ? null : Gradient(chunkEntropies)); // [n, V]
            hiddenGradient.narrow(0, start, count).copy_(logitGradients.mm(matrix)); // [n, C]
            AddWeightGradient(head.Weight, logitGradients, states.narrow(0, start, count).to_type(matrix.dtype));
        }

        hidden.backward([hiddenGradient]);
        return (logProbs.MoveToOuterDisposeScope(), total.MoveToOuterDisposeScope());
    }

    /// <summary>Memory of one chunk's logits, which all chunks use: blocks that are freed and asked for again make the heap grow.</summary>
    private static Tensor LogitMemory(int rows, Tensor matrix) => empty([Math.Min(rows, ChunkSize(matrix.shape[0])), matrix.shape[0]], dtype: matrix.dtype, device: matrix.device);

    private static Tensor Logits(Tensor states, int start, int count, Tensor matrix, Tensor memory)
    {
        using var noGrad = no_grad();
        var logits = memory.narrow(0, 0, count); // [n, V]
        logits.addmm_(states.narrow(0, start, count).to_type(matrix.dtype).contiguous(), matrix.t(), beta: 0, alpha: 1);
        return logits.DetachFromDisposeScope();
    }

    private static int ChunkSize(long vocabularySize) => (int)Math.Max(FewestRows, LogitsPerChunk / vocabularySize);

    private static ILogitRows Rows(Tensor logits, Tensor tokens, double temperature, double? softCap) => logits.device_type == DeviceType.CPU
        ? new LogitRows(logits, tokens.data<long>().ToArray(), temperature, softCap)
        : new TensorLogitRows(logits, tokens, temperature, softCap);

    private static Tensor Gradient(Tensor leaf) => leaf.grad ?? zeros_like(leaf);

    /// <param name="weight">[V, C]</param>
    /// <param name="logitGradients">[n, V]</param>
    /// <param name="states">[n, C]</param>
    private static void AddWeightGradient(Tensor weight, Tensor logitGradients, Tensor states)
    {
        if (!weight.requires_grad)
        {
            return;
        }

        weight.grad ??= zeros_like(weight);
        if (weight.grad.dtype == states.dtype)
        {
            weight.grad.addmm_(logitGradients.t(), states);
        }
        else
        {
            weight.grad.add_(logitGradients.t().mm(states)); // 16-bit products of a float32 weight
        }
    }

    private static IEnumerable<(int Start, int Count)> Chunks(int rows, long vocabularySize)
    {
        int size = ChunkSize(vocabularySize);
        for (int start = 0; start < rows; start += size)
        {
            yield return (start, Math.Min(size, rows - start));
        }
    }
}
