using System.Runtime.ExceptionServices;
using Proxima.Core;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Generation;

/// <summary>
/// Samples responses with the ordinary model and a key/value cache. Prompts of different lengths are padded on the left; each
/// sequence draws from a random stream of its own, so it does not depend on its batch mates. Rows that have finished leave the
/// batch once they are half of it.
/// </summary>
public sealed class PlainEngine(CausalLanguageModel model, SamplingOptions options) : IGenerationEngine
{
    /// <summary>Logits below which a second thread costs more than it brings.</summary>
    private const int LogitsWorthThreads = 1 << 20;

    private float[] _logits = [];

    /// <inheritdoc />
    public IReadOnlyList<SampledResponse> Generate(IReadOnlyList<int[]> prompts, Func<int, CounterRandom> streamOf)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int samples = options.SamplesPerPrompt;
        using var batch = new PromptBatch(prompts, reserve: options.MaxNewTokens);
        using var cache = new KeyValueCache(
            model.Config, prompts.Count, batch.Width + options.MaxNewTokens, model.Decoder.ProductType);
        var hidden = model.Decoder.Forward(batch.Ids, batch.Positions, batch.KeyMask(batch.Width), cache); // [B, P, C]
        var logits = model.Logits(hidden.select(1, batch.Width - 1).contiguous()); // [B, V]
        if (samples > 1)
        {
            cache.RepeatRows(samples);
            batch.RepeatRows(samples);
            logits = logits.repeat_interleave(samples, dim: 0);
        }

        SamplingRow[] rows = [.. Enumerable.Range(0, prompts.Count * samples)
            .Select(i => new SamplingRow(prompts[i / samples], streamOf(i), i, options))];
        Decode(rows, batch, cache, logits);
        return [.. rows.Select(row => row.Response())];
    }

    private void Decode(SamplingRow[] allRows, PromptBatch batch, KeyValueCache cache, Tensor logits)
    {
        SamplingRow[] rows = allRows;
        TokenSampler[] samplers = NewSamplers(rows.Length);
        for (int newTokens = 0; ;)
        {
            options.Stop.ThrowIfCancellationRequested();
            DrawTokens(rows, logits, samplers);
            newTokens++;
            int[] active = [.. Enumerable.Range(0, rows.Length).Where(i => !rows[i].Stopped)];
            if (newTokens == options.MaxNewTokens || active.Length == 0)
            {
                return;
            }

            if (active.Length <= rows.Length / 2)
            {
                rows = [.. active.Select(i => rows[i])];
                using var kept = tensor(active.Select(i => (long)i).ToArray());
                cache.KeepRows(kept);
                batch.KeepRows(kept);
            }

            logits.Dispose();
            logits = NextLogits(rows, batch.KeyMask(batch.Width + newTokens), cache);
        }
    }

    private Tensor NextLogits(SamplingRow[] rows, Tensor? keyMask, KeyValueCache cache)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(rows.Select(row => (long)row.LastToken).ToArray()).unsqueeze(1); // [B, 1]
        var positions = tensor(rows.Select(row => (long)row.Length - 1).ToArray()).unsqueeze(1); // [B, 1]
        var hidden = model.Decoder.Forward(ids, positions, keyMask, cache); // [B, 1, C]
        return model.Logits(hidden.squeeze(1)).MoveToOuterDisposeScope(); // [B, V]
    }

    private void DrawTokens(SamplingRow[] rows, Tensor logits, TokenSampler[] samplers)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to_type(ScalarType.Float32).cpu().contiguous();
        int V = (int)wide.shape[1];
        float[] values = LogitBuffer(rows.Length * V);
        wide.data<float>().CopyTo(values, 0, 0);
        if (samplers.Length == 1)
        {
            DrawStripe(0);
        }
        else
        {
            try
            {
                Parallel.For(0, samplers.Length, DrawStripe);
            }
            catch (AggregateException failures)
            {
                ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]); // as where one thread draws
            }
        }

        void DrawStripe(int stripe)
        {
            for (int i = stripe; i < rows.Length; i += samplers.Length)
            {
                if (!rows[i].Stopped)
                {
                    rows[i].Draw(values.AsSpan(i * V, V), samplers[stripe]);
                }
            }
        }
    }

    /// <summary>One buffer for the logits of all tokens: fresh ones would each be large objects for the collector.</summary>
    private float[] LogitBuffer(int count)
    {
        if (_logits.Length < count)
        {
            _logits = new float[count];
        }

        return _logits;
    }

    private TokenSampler[] NewSamplers(int rows)
    {
        int vocabularySize = model.Config.VocabularySize;
        int threads = (long)rows * vocabularySize < LogitsWorthThreads ? 1 : Math.Min(rows, get_num_threads());
        return [.. Enumerable.Range(0, threads).Select(_ => new TokenSampler(options, vocabularySize))];
    }
}
