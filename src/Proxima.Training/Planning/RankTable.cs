using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Training.Planning;

/// <summary>
/// ZeRO (Rajbhandari et al. 2020, sections 5 and 7) on ranks with a batch each, by the formulas of docs/distributed.md. Every collective
/// goes round a ring: n − 1 messages of 1/n of a buffer, an all-reduce twice as many; a message of b bytes takes α + b ÷ β (Hockney 1994).
/// </summary>
/// <param name="plan">memory on one rank</param>
/// <param name="batch">of the run</param>
/// <param name="shape">ranks and network</param>
public sealed class RankTable(MemoryPlan plan, BatchPlan batch, RankShape shape)
{
    private const double Wide = sizeof(float);
    private const int Models = 2; // that learn
    private const int RangesOutsideLayers = 2; // of each: before and behind the matrices of the layers
    private const int ForwardsWithGradients = 2; // there and back
    private const int GridsOfScores = 4; // log-probs, reference log-probs, entropies, values
    private const double BytesOfToken = sizeof(int) + (2 * Wide); // its number, log-prob, entropy
    private const int MessagesOfExchange = 2; // lengths, then contents

    private readonly double _count = (double)plan.Actor.LanguageModel + plan.Critic.ScoreModel;
    private readonly double _inLayers = (double)plan.Actor.BlockMatrices + plan.Critic.BlockMatrices;
    private readonly int _layers = plan.Actor.Config.LayerCount + plan.Critic.Config.LayerCount;

    /// <summary>Nothing sharded, and the three stages.</summary>
    public IReadOnlyList<RankRow> Rows() => [.. Enum.GetValues<Sharding>().Select(sharding =>
    {
        Traffic traffic = Of(sharding, shape.Ranks);
        return new RankRow(sharding, (plan with { Sharding = sharding, GroupSize = Group(sharding, shape.Ranks) }).Peak, traffic.Bytes, Seconds(traffic));
    })];

    /// <summary>
    /// How a step grows with the ranks, each with a batch of the same size: 1, 2, 4 … up to those of the run. Groups have the degree of the
    /// run, or all ranks where there are fewer.
    /// </summary>
    /// <param name="sharding">of the run</param>
    /// <param name="stepSeconds">a step of one rank, without sending</param>
    public IReadOnlyList<ScalingRow> Scaling(Sharding sharding, double stepSeconds)
    {
        IEnumerable<int> powers = Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(ranks => ranks < shape.Ranks);
        return [.. powers.Append(shape.Ranks).Where(ranks => ranks % Group(sharding, ranks) == 0).Select(ranks =>
        {
            double sending = Seconds(Of(sharding, ranks));
            double step = stepSeconds + sending;
            return new ScalingRow(ranks, sending, step, ranks * batch.SequencesPerRollout / step, stepSeconds / step);
        })];
    }

    private int Group(Sharding sharding, int ranks) => sharding == Sharding.None ? 1 : Math.Min(shape.Degree ?? ranks, ranks);

    private double Seconds(Traffic traffic) => (traffic.Messages * shape.Latency) + (traffic.Bytes / shape.Bandwidth);

    /// <summary>What a rank sends in a step.</summary>
    private Traffic Of(Sharding sharding, int ranks)
    {
        int group = Group(sharding, ranks);
        double steps = batch.OptimizerStepsPerStep;
        double perMicroBatch = steps * batch.MicroBatchesPerOptimizerStep;
        double tokens = shape.ResponseTokens * ranks;
        Traffic common = Ring(2 * GridsOfScores * Wide * tokens, 2, ranks)
            .Plus(Ring(BytesOfToken * tokens, MessagesOfExchange, ranks)) // rollout
            .Plus(Ring(0, MessagesOfExchange * (2 + (Models * steps)), ranks)); // scores, agreement, losses
        Traffic between = Ring(2 * Wide * _count / group, 2 * Models, ranks / group).Times(steps);
        double wholeWeights = plan.ComputeBytes * _count;
        Traffic norms = Ring(0, MessagesOfExchange * Models, group).Times(steps);
        Traffic gradients = Ring(Wide * _count, _layers + (RangesOutsideLayers * Models), group)
            .Plus(Ptx(Wide, group)).Times(perMicroBatch);
        return common.Plus(between).Plus(sharding switch
        {
            Sharding.None => new Traffic(0, 0),
            Sharding.Stage1 => norms.Plus(Ring(Wide * _count, Models, group).Plus(Ring(wholeWeights, Models, group)).Times(steps)),
            Sharding.Stage2 => norms.Plus(gradients).Plus(Ring(wholeWeights, Models, group).Times(steps)),
            Sharding.Stage3 => norms.Plus(gradients)
                .Plus(Ring(plan.ComputeBytes * (_count - _inLayers), RangesOutsideLayers * Models, group).Times(steps))
                .Plus(Ring(plan.ComputeBytes * _inLayers, _layers, group).Plus(Ptx(plan.ComputeBytes, group)).Times(perMicroBatch * ForwardsWithGradients))
                .Plus(Ring((plan.ComputeBytes * _inLayers) + plan.FrozenBytes, _layers + Models, group)),
            _ => throw new InvalidOperationException($"sharding {sharding}"),
        });
    }

    /// <summary>The actor's layers once more, for the dialogues beside PPO.</summary>
    private Traffic Ptx(double bytesOfWeight, int group) =>
        shape.HasPtx ? Ring(bytesOfWeight * plan.Actor.BlockMatrices, plan.Actor.Config.LayerCount, group) : new Traffic(0, 0);

    private static Traffic Ring(double bytes, double collectives, int ranks) => new(bytes * (ranks - 1) / ranks, collectives * (ranks - 1));

    private sealed record Traffic(double Bytes, double Messages)
    {
        public Traffic Times(double factor) => new(Bytes * factor, Messages * factor);

        public Traffic Plus(Traffic other) => new(Bytes + other.Bytes, Messages + other.Messages);
    }
}
