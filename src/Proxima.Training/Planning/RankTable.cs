using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Training.Planning;

/// <summary>
/// ZeRO (Rajbhandari et al. 2020, sections 5 and 7) on n ranks, each with a batch of its own. Every collective runs around a ring: n − 1
/// messages of 1/n of a buffer, an all-reduce twice as many; a message of b bytes takes α + b ÷ β. Gradients are reduced in float32.
/// </summary>
/// <param name="plan">memory on one rank</param>
/// <param name="batch">of the run</param>
/// <param name="ranks">n</param>
/// <param name="latency">α, seconds</param>
/// <param name="bandwidth">β, bytes a second</param>
public sealed class RankTable(MemoryPlan plan, BatchPlan batch, int ranks, double latency, double bandwidth)
{
    private const double Wide = sizeof(float);
    private const int ForwardsWithGradients = 2; // there and back

    private readonly double _count = (double)plan.Actor.LanguageModel + plan.Critic.ScoreModel;
    private readonly int _layers = plan.Actor.Config.LayerCount + plan.Critic.Config.LayerCount;

    /// <summary>Nothing sharded, and the three stages.</summary>
    public IReadOnlyList<RankRow> Rows() => [.. Enum.GetValues<Sharding>().Select(Row)];

    private RankRow Row(Sharding sharding)
    {
        double optimizerSteps = batch.OptimizerStepsPerStep;
        double reductions = sharding is Sharding.Stage2 or Sharding.Stage3
            ? optimizerSteps * batch.MicroBatchesPerOptimizerStep // no rank can hold a sum of all gradients
            : optimizerSteps;
        Traffic traffic = sharding switch
        {
            Sharding.None => Ring(2 * Wide * _count, collectives: 2 * 2).Times(optimizerSteps),
            Sharding.Stage1 or Sharding.Stage2 => Ring(Wide * _count, 2).Times(reductions).Plus(Ring(plan.ComputeBytes * _count, 2).Times(optimizerSteps)),
            Sharding.Stage3 => Ring(Wide * _count, 2).Times(reductions).Plus(Gather.Times((reductions * ForwardsWithGradients) + 1)),
            _ => throw new InvalidOperationException($"sharding {sharding}"),
        };
        return new RankRow(sharding, Cut(sharding).Peak + Gathered(sharding), traffic.Bytes, (traffic.Messages * latency) + (traffic.Bytes / bandwidth));
    }

    /// <summary>All weights of actor and critic, layer by layer; scores take one such round more.</summary>
    private Traffic Gather => Ring(plan.ComputeBytes * _count, _layers + 2);

    /// <summary>The memory of a rank that holds 1/n of what is cut.</summary>
    private MemoryPlan Cut(Sharding sharding)
    {
        double share = 1.0 / ranks;
        return plan with
        {
            OptimizerShare = sharding >= Sharding.Stage1 ? share : 1,
            GradientShare = sharding >= Sharding.Stage2 ? share : 1,
            WeightShare = sharding >= Sharding.Stage3 ? share : 1,
            AsyncSave = plan.AsyncSave && sharding == Sharding.None, // refused with any other
        };
    }

    /// <summary>The largest matrix whole, while it is used.</summary>
    private double Gathered(Sharding sharding) =>
        sharding == Sharding.Stage3 && ranks > 1 ? plan.ComputeBytes * Math.Max(plan.Actor.Embedding, plan.Critic.Embedding) : 0;

    private Traffic Ring(double bytes, double collectives) => new(bytes * (ranks - 1) / ranks, collectives * (ranks - 1));

    private sealed record Traffic(double Bytes, double Messages)
    {
        public Traffic Times(double factor) => new(Bytes * factor, Messages * factor);

        public Traffic Plus(Traffic other) => new(Bytes + other.Bytes, Messages + other.Messages);
    }
}
