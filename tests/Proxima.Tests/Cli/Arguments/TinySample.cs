using System.Text.Json;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>A line of samples.jsonl.gz.</summary>
internal sealed record TinySample(JsonElement Line)
{
    public string Prompt => Line.GetProperty("prompt").GetString()!;

    public string Response => Line.GetProperty("response").GetString()!;

    public double Score => Line.GetProperty("score").GetDouble();

    public bool Finished => Line.GetProperty("finished").GetBoolean();

    public int[] PromptIds => Line.GetProperty("prompt_ids").Deserialize<int[]>()!;

    public int[] ResponseIds => Line.GetProperty("response_ids").Deserialize<int[]>()!;

    public double[] LogProbs => Numbers("log_probs");

    public double[] RefLogProbs => Numbers("ref_log_probs");

    public double[] Values => Numbers("values");

    public double[] Advantages => Numbers("advantages");

    /// <summary>log-prob minus reference log-prob of each token.</summary>
    public double[] LogRatios => [.. LogProbs.Zip(RefLogProbs, (policy, reference) => policy - reference)];

    public bool IsOfRollout(int step) => Line.GetProperty("kind").GetString() == "rollout" && Line.GetProperty("step").GetInt32() == step;

    /// <summary>Advantages by hand: δ = r + γ·V' − V, A = δ + γλ·A', the score on the last token.</summary>
    /// <param name="penalty">what the KL takes off a token's reward: log ratio → penalty</param>
    /// <param name="gamma">discount</param>
    /// <param name="lambda">of generalised advantage estimation</param>
    public double[] AdvantagesByHand(Func<double, double> penalty, double gamma = 1, double lambda = 0.95)
    {
        double[] advantages = new double[Values.Length];
        double next = 0;
        double nextValue = 0;
        for (int t = advantages.Length - 1; t >= 0; t--)
        {
            double reward = -penalty(LogRatios[t]) + (t == advantages.Length - 1 ? Math.Clamp(Score, -10, 10) : 0);
            next = reward + (gamma * nextValue) - Values[t] + (gamma * lambda * next);
            nextValue = Values[t];
            advantages[t] = next;
        }

        return advantages;
    }

    private double[] Numbers(string name) => Line.GetProperty(name).Deserialize<double[]>()!;
}
