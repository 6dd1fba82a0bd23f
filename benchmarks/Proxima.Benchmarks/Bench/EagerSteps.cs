using Proxima.Generation;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>
/// Steps of the plain path, which is eager execution as fast as it goes: contiguous matrices, attention by hand, a scope a block, and
/// the managed sampler in place of multinomial.
/// </summary>
internal static class EagerSteps
{
    /// <summary>Steps of some responses that are being written.</summary>
    /// <param name="model">the model</param>
    /// <param name="rows">responses</param>
    /// <param name="context">tokens that are there before</param>
    /// <param name="steps">steps to time</param>
    public static StepTimes Decode(CausalLanguageModel model, int rows, int context, int steps)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int V = model.Config.VocabularySize;
        int threads = get_num_threads();
        int stripes = Math.Min(rows, threads);
        TokenSampler[] samplers = [.. Enumerable.Range(0, stripes).Select(_ => new TokenSampler(new SamplingOptions { MaxNewTokens = steps }, V))];
        float[] values = new float[rows * V];
        using var cache = new KeyValueCache(model.Config, rows, context + steps, model.HeadWeight.dtype);
        model.Decoder.Forward(ones([rows, context], dtype: ScalarType.Int64), arange(context, dtype: ScalarType.Int64).expand(rows, context), null, cache);
        double[] seconds = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            using var stepScope = NewDisposeScope();
            double start = WorkClock.Seconds(threads);
            var ids = ones([rows, 1], dtype: ScalarType.Int64);
            var positions = full([rows, 1], context + step, dtype: ScalarType.Int64);
            var logits = model.Logits(model.Decoder.Forward(ids, positions, null, cache).squeeze(1)); // [B, V]
            logits.data<float>().CopyTo(values, 0, 0);
            if (stripes == 1)
            {
                DrawStripe(0);
            }
            else
            {
                Parallel.For(0, stripes, DrawStripe);
            }

            seconds[step] = WorkClock.Seconds(threads) - start;
        }

        return StepTimes.Of(seconds);

        void DrawStripe(int stripe)
        {
            for (int row = stripe; row < rows; row += stripes)
            {
                samplers[stripe].Draw(values.AsSpan(row * V, V), [], newTokens: 1, uniform: 0.5);
            }
        }
    }
}
