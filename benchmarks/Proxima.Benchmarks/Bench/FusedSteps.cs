using Proxima.Core;
using Proxima.Generation;
using Proxima.Generation.Fused;

namespace Proxima.Benchmarks.Bench;

/// <summary>Steps of the fused engine, all threads on the same rows, as its lanes run them.</summary>
internal static class FusedSteps
{
    /// <summary>Steps of some responses that are being written.</summary>
    /// <param name="model">weights and threads</param>
    /// <param name="rows">responses</param>
    /// <param name="context">tokens that are there before</param>
    /// <param name="steps">steps to time</param>
    public static StepTimes Decode(FusedModel model, int rows, int context, int steps)
    {
        int threads = model.Team.Size;
        SpinBarrier barrier = new(threads);
        using FusedForward forward = new(model, barrier, threads, (rows, rows), context + steps);
        using PagePool pool = new(forward.Shape);
        PageTable[] pages = [.. Enumerable.Range(0, rows).Select(_ => new PageTable(pool))];
        int V = model.Config.VocabularySize;
        TokenSampler[] samplers = [.. Enumerable.Range(0, threads).Select(_ => new TokenSampler(new SamplingOptions { MaxNewTokens = steps }, V))];
        StepBatch batch = new(rows, rows);
        var random = new CounterRandom(1, RandomPurpose.Rollout);
        double[] seconds = new double[steps];
        model.Team.Run(thread =>
        {
            for (int step = 0; step < steps; step++)
            {
                double start = WorkClock.Seconds(threads);
                if (thread == 0)
                {
                    batch.Clear();
                    foreach (PageTable table in pages)
                    {
                        batch.Add(table, [random.NextInt(V)], context + step);
                        batch.WantLogits();
                    }
                }

                barrier.Wait();
                forward.Run(thread, batch);
                for (int row = thread; row < rows; row += threads)
                {
                    samplers[thread].Draw(forward.Logits(row), [], newTokens: 1, uniform: 0.5);
                }

                barrier.Wait();
                if (thread == 0)
                {
                    seconds[step] = WorkClock.Seconds(threads) - start;
                }
            }
        });
        return StepTimes.Of(seconds);
    }

    /// <summary>Reading of one prompt.</summary>
    /// <param name="model">weights and threads</param>
    /// <param name="tokens">length of the prompt</param>
    /// <param name="repetitions">how often it is read</param>
    public static StepTimes Prefill(FusedModel model, int tokens, int repetitions)
    {
        int threads = model.Team.Size;
        SpinBarrier barrier = new(threads);
        using FusedForward forward = new(model, barrier, threads, (GenerationLane.StepRows, 1), tokens);
        using PagePool pool = new(forward.Shape);
        PageTable pages = new(pool);
        StepBatch batch = new(GenerationLane.StepRows, 1);
        var random = new CounterRandom(1, RandomPurpose.Rollout);
        int[] prompt = [.. Enumerable.Range(0, tokens).Select(_ => random.NextInt(model.Config.VocabularySize))];
        double[] seconds = new double[repetitions];
        model.Team.Run(thread =>
        {
            for (int repetition = 0; repetition < repetitions; repetition++)
            {
                double start = WorkClock.Seconds(threads);
                for (int first = 0; first < tokens; first += GenerationLane.StepRows)
                {
                    int count = Math.Min(GenerationLane.StepRows, tokens - first);
                    if (thread == 0)
                    {
                        batch.Clear();
                        batch.Add(pages, prompt.AsSpan(first, count), first);
                        if (first + count == tokens)
                        {
                            batch.WantLogits();
                        }
                    }

                    barrier.Wait();
                    forward.Run(thread, batch);
                    barrier.Wait();
                }

                if (thread == 0)
                {
                    seconds[repetition] = WorkClock.Seconds(threads) - start;
                }
            }
        });
        return StepTimes.Of(seconds);
    }
}
