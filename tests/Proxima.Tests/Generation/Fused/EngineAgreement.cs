using Proxima.Core;
using Proxima.Generation;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation.Fused;

/// <summary>Compares what two engines sampled from the same streams.</summary>
internal sealed class EngineAgreement(CausalLanguageModel model, SamplingOptions options)
{
    private const double EdgeWidth = 1e-5;

    /// <summary>Draws that were compared.</summary>
    public int Draws { get; private set; }

    /// <summary>Responses that part at a draw within 1e-5 of the edge between the two tokens.</summary>
    public int Edges { get; private set; }

    /// <summary>Largest difference of log-probs of equal tokens.</summary>
    public double LogProbGap { get; private set; }

    /// <summary>Compares all responses; fails where two part far from an edge.</summary>
    public void Compare(
        IReadOnlyList<int[]> prompts,
        Func<int, CounterRandom> streamOf,
        IReadOnlyList<SampledResponse> plain,
        IReadOnlyList<SampledResponse> other)
    {
        Assert.Equal(plain.Count, other.Count);
        for (int i = 0; i < plain.Count; i++)
        {
            int[] first = plain[i].Tokens;
            int[] second = other[i].Tokens;
            int shared = first.AsSpan().CommonPrefixLength(second);
            Draws += shared;
            for (int t = 0; t < shared; t++)
            {
                LogProbGap = Math.Max(LogProbGap, Math.Abs(plain[i].LogProbs[t] - other[i].LogProbs[t]));
            }

            if (shared < Math.Max(first.Length, second.Length))
            {
                int[] prompt = prompts[i / options.SamplesPerPrompt];
                AssertEdge([.. prompt, .. first[..shared]], shared, (first[shared], second[shared]), Uniform(streamOf(i), shared));
                Edges++;
            }
            else
            {
                Assert.Equal(plain[i].Stopped, other[i].Stopped);
            }
        }
    }

    private static double Uniform(CounterRandom stream, int index)
    {
        for (int i = 0; i < index; i++)
        {
            stream.NextDouble();
        }

        return stream.NextDouble();
    }

    private void AssertEdge(int[] context, int newTokens, (int A, int B) tokens, double uniform)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var ids = tensor(context.Select(id => (long)id).ToArray(), device: model.Decoder.Device).unsqueeze(0);
        var positions = arange(context.Length, dtype: ScalarType.Int64, device: model.Decoder.Device).unsqueeze(0);
        float[] logits = model.Logits(model.Decoder.Forward(ids, positions))[0, -1].cpu().data<float>().ToArray();
        var sampler = new TokenSampler(options, logits.Length);
        sampler.Process(logits, context, newTokens);
        double[] cumulated = new double[logits.Length];
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            sum += sampler.Probabilities[i];
            cumulated[i] = sum;
        }

        int lower = Math.Min(tokens.A, tokens.B);
        int upper = Math.Max(tokens.A, tokens.B);
        double distance = Math.Min(Math.Abs(uniform - (cumulated[lower] / sum)), Math.Abs(uniform - (cumulated[upper - 1] / sum)));
        Assert.True(distance < EdgeWidth, $"tokens {tokens} after {context.Length} tokens: the draw {uniform} lies {distance} from the edge");
    }
}
