using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Tests.Core.Ppo;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>Settings under a preset, and the small things that recorded cases need around the formulas.</summary>
internal static class PeerSettings
{
    /// <summary>What "--preset NAME" gives.</summary>
    public static PpoSettings Of(string preset) => PpoWords.Load("--preset", preset).Settings.Ppo;

    /// <summary>[B] the last place of each row that counts.</summary>
    public static Tensor LastPlaces(Tensor mask) =>
        arange(mask.shape[1]).unsqueeze(0).expand_as(mask).masked_fill(mask.logical_not(), -1).max(1).values;

    /// <summary>[B] scores of finished responses, normalised and clipped as the settings say.</summary>
    public static Tensor Shape(PpoSettings ppo, Tensor scores)
    {
        double[] raw = [.. scores.data<float>().Select(score => (double)score)];
        var finished = new Sequence
        {
            Index = 0,
            Dialogue = new Dialogue { Src = ["a"], Tgt = [] },
            Prompt = [1],
            Response = [2],
            SamplerLogProbs = [0],
            SamplerEntropies = [0],
            Finished = true,
        };
        IReadOnlyList<double> shaped = new ScoreShaper(ppo).Shape(raw, [.. raw.Select(_ => finished)]);
        return tensor(shaped.Select(score => (float)score).ToArray());
    }

    /// <summary>exp(new − old) with the log-ratio held to ± 20, as OpenRLHF and veRL do: a quirk that Proxima does not offer.</summary>
    public static Tensor ClampedRatio(Tensor newLogProbs, Tensor oldLogProbs) => (newLogProbs - oldLogProbs).clamp(-20, 20).exp();
}
