using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Sums over the micro-batches of one optimizer step, for the metrics.</summary>
internal sealed class LossSums
{
    /// <summary>How many <see cref="Numbers"/> there are.</summary>
    public const int Count = 6;

    public double Loss { get; private set; }

    public double Tokens { get; private set; }

    public double Clipped { get; private set; }

    public double ApproxKl { get; set; }

    public double Ratio { get; set; }

    public double RatioMax { get; set; }

    /// <summary>The sums, and the extreme as the last.</summary>
    public double[] Numbers => [Loss, Tokens, Clipped, ApproxKl, Ratio, RatioMax];

    /// <summary>Sums over ranks.</summary>
    /// <param name="ofRanks">the <see cref="Numbers"/> of each</param>
    public static LossSums Of(IEnumerable<double[]> ofRanks)
    {
        var all = new LossSums();
        foreach (double[] of in ofRanks)
        {
            all.Loss += of[0];
            all.Tokens += of[1];
            all.Clipped += of[2];
            all.ApproxKl += of[3];
            all.Ratio += of[4];
            all.RatioMax = Math.Max(all.RatioMax, of[5]);
        }

        return all;
    }

    /// <param name="loss">the micro-batch's share of the loss</param>
    /// <param name="tokens">its tokens</param>
    /// <param name="clipped">[tokens] true where the clip decided the loss; null without a clip</param>
    public void Add(Tensor loss, long tokens, Tensor? clipped)
    {
        Loss += loss.item<float>();
        Tokens += tokens;
        Clipped += clipped?.sum(ScalarType.Float32).item<float>() ?? 0;
    }
}
