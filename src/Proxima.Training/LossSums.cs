using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>Sums over the micro-batches of one optimizer step, for the metrics.</summary>
internal sealed class LossSums
{
    public double Loss { get; private set; }

    public double Tokens { get; private set; }

    public double Clipped { get; private set; }

    public double ApproxKl { get; set; }

    public double Ratio { get; set; }

    public double RatioMax { get; set; }

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
