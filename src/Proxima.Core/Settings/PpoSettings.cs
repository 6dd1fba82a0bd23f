namespace Proxima.Core.Settings;

/// <summary>The algorithm.</summary>
[ArgumentGroup("PPO")]
public sealed record PpoSettings
{
    [Argument("gives other defaults to ordinary settings; what is written wins")]
    public Preset Preset { get; init; } = Preset.Proxima;

    [Argument("weight of the KL penalty on each token")]
    [Bounds(AtLeast = 0)]
    public double KlCoeff { get; init; } = 0.02;

    [Argument("epsilon of the clipped surrogate; none: off")]
    [Bounds(Above = 0)]
    public double? ClipRangeRatio { get; init; } = 0.2;

    [Argument("scores are clipped to plus or minus this; none: off")]
    [Bounds(Above = 0)]
    public double? ClipRangeScore { get; init; } = 10;

    [Argument("values may move this far from the old ones; none: off")]
    [Bounds(Above = 0)]
    public double? ClipRangeValue { get; init; } = 5;

    [Argument("weight of the ptx loss; used only with a ptx task")]
    [Bounds(AtLeast = 0)]
    public double PtxCoeff { get; init; } = 16;

    [Argument("false: take the engine's own log-probs, allowed only where they are exact, in fp32")]
    public bool RecomputeOldLogProbs { get; init; } = true;

    [Argument("passes over a rollout")]
    [Bounds(AtLeast = 1)]
    public int UpdateIters { get; init; } = 1;

    [Argument("discount of each token")]
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double Gamma { get; init; } = 1.0;

    [Argument("lambda of generalised advantage estimation")]
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double GaeLambda { get; init; } = 0.95;

    [Argument("take the running mean off each score and divide by the running deviation")]
    public bool NormalizeReward { get; init; }

    [Argument("whiten the advantages of a rollout")]
    public bool NormalizeAdvantage { get; init; }

    [Argument("fixed, or adaptive towards kl_target")]
    public KlControllerType KlController { get; init; } = KlControllerType.Fixed;

    [Argument("KL per sequence that the adaptive controller aims at")]
    [Bounds(Above = 0)]
    public double KlTarget { get; init; } = 6;

    [Argument("sequences over which the adaptive controller corrects")]
    [Bounds(Above = 0)]
    public double KlHorizon { get; init; } = 10000;

    [Argument("estimator of the KL per token")]
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K1;

    [Argument("the KL per token is clamped to plus or minus this")]
    [Bounds(Above = 0)]
    public double? KlClamp { get; init; }

    [Argument("taken off the score of an unfinished response")]
    [Bounds(AtLeast = 0)]
    public double? MissingEosPenalty { get; init; }

    [Argument("steps in which only the critic learns")]
    [Bounds(AtLeast = 0)]
    public int CriticWarmupSteps { get; init; } = 0;

    [Argument("bounds the surrogate at this times A where the advantage A is negative")]
    [Bounds(Above = 1)]
    public double? DualClip { get; init; }

    [Argument("weight of the entropy bonus")]
    [Bounds(AtLeast = 0)]
    public double EntropyCoeff { get; init; } = 0;

    [Argument("the passes of a step end when approx_kl passes this")]
    [Bounds(Above = 0)]
    public double? TargetKl { get; init; }

    [Argument("slot of a response that gets the score")]
    public ScorePlacement ScorePlacement { get; init; } = ScorePlacement.Last;

    [Argument("variance used in whitening")]
    public WhitenVariance WhitenVariance { get; init; } = WhitenVariance.Unbiased;

    [Argument("what advantage estimation does across masked slots inside a response")]
    public GaeGaps GaeGaps { get; init; } = GaeGaps.Carry;

    [Argument("sums over the tokens of the optimizer step, or a mean of micro-batch means")]
    public LossAggregation LossAggregation { get; init; } = LossAggregation.Token;
}
