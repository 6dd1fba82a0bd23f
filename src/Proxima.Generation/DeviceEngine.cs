using Proxima.Core;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Generation;

/// <summary>
/// Samples responses where the model is, on a GPU: keys and values have their memory from the beginning, tokens are drawn on the device, and the
/// host looks at them some tokens at a time. Rows that have finished go on until then; what they write is thrown away. The random numbers are
/// those of the other engines.
/// </summary>
public sealed class DeviceEngine(CausalLanguageModel model, SamplingOptions options) : IGenerationEngine
{
    /// <summary>Tokens between two looks of the host: each look waits for the device, each token beyond the last stop is work for nothing.</summary>
    private const int TokensBetweenLooks = 16;

    /// <inheritdoc />
    public IReadOnlyList<SampledResponse> Generate(IReadOnlyList<int[]> prompts, Func<int, CounterRandom> streamOf)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int samples = options.SamplesPerPrompt;
        using var reading = new PromptReading(model, prompts, samples, reserve: options.MaxNewTokens);
        int[][] contexts = [.. Enumerable.Range(0, prompts.Count * samples).Select(i => prompts[i / samples])];
        SamplingRow[] rows = [.. contexts.Select((prompt, i) => new SamplingRow(prompt, streamOf(i), i, options))];
        using var sampler = new DeviceSampler(options, contexts, model.Config.VocabularySize, model.Decoder.Device);
        var positions = tensor(contexts.Select(prompt => (long)prompt.Length).ToArray(), device: model.Decoder.Device).unsqueeze(1); // [B, 1] of the token to come
        for (int done = 0; done < options.MaxNewTokens && rows.Any(row => !row.Stopped);)
        {
            int count = Math.Min(TokensBetweenLooks, options.MaxNewTokens - done);
            using var blockScope = NewDisposeScope();
            Draw(rows, count, sampler, reading, positions, isLast: done + count == options.MaxNewTokens);
            done += count;
        }

        return [.. rows.Select(row => row.Response())];
    }

    /// <summary>Draws some tokens of every row, and gives the rows theirs.</summary>
    private void Draw(SamplingRow[] rows, int count, DeviceSampler sampler, PromptReading reading, Tensor positions, bool isLast)
    {
        double[] numbers = [.. rows.SelectMany(row => Enumerable.Range(0, count).Select(_ => row.NextUniform()))];
        var uniforms = tensor(numbers, device: model.Decoder.Device).view(rows.Length, count); // [B, n]
        List<Tensor> tokens = [], logProbs = [], entropies = [];
        for (int i = 0; i < count; i++)
        {
            options.Stop.ThrowIfCancellationRequested();
            var drawn = sampler.Draw(reading.Logits, uniforms.narrow(1, i, 1));
            tokens.Add(drawn.Tokens);
            logProbs.Add(drawn.LogProbs);
            entropies.Add(drawn.Entropies);
            if (!isLast || i < count - 1)
            {
                reading.Read(drawn.Tokens, positions);
                positions.add_(1);
            }
        }

        Give(rows, cat(tokens, 1), cat(logProbs, 1), cat(entropies, 1)); // [B, n] each
    }

    private static void Give(SamplingRow[] rows, Tensor tokens, Tensor logProbs, Tensor entropies)
    {
        int count = (int)tokens.shape[1];
        long[] ids = tokens.cpu().data<long>().ToArray();
        float[] ofTokens = logProbs.cpu().data<float>().ToArray();
        float[] ofRows = entropies.cpu().data<float>().ToArray();
        for (int row = 0; row < rows.Length; row++)
        {
            for (int i = row * count; i < (row + 1) * count && !rows[row].Stopped; i++)
            {
                TokenSampler.RequireFinite(ofTokens[i]);
                rows[row].Take(new DrawnToken((int)ids[i], ofTokens[i], ofRows[i]));
            }
        }
    }
}
