using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;
using Proxima.Models;
using Proxima.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Proxima.Tests.Training;

/// <summary>The supervised loss beside PPO: its loss and gradients against both losses taken apart.</summary>
public sealed class PtxLossTests
{
    private const double Beta1 = 0.9;
    private const double Coefficient = 3;

    /// <summary>Two micro-batches of two sequences for each of the two optimizer steps of a rollout of 8.</summary>
    private static readonly BatchSettings Batches = new() { PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 2 };

    /// <summary>Rows of prompt and reply with the length of the prompt.</summary>
    private static readonly (int[] Ids, int PromptLength)[] Dialogues =
    [
        ([1, 385, 328, 432, 392, 417], 2),
        ([1, 403, 407, 261, 378, 432, 383, 273, 261, 376], 4),
        ([1, 317, 439, 419, 357, 426], 3),
        ([1, 385, 426], 1),
        ([1, 338, 286, 399, 393, 426, 2], 3),
    ];

    [Theory]
    [InlineData(LossAggregation.Token)]
    [InlineData(LossAggregation.MicroBatch)]
    public void The_gradient_is_half_that_of_ppo_and_half_of_the_weighted_cross_entropy(LossAggregation aggregation)
    {
        using var scope = NewDisposeScope();
        PpoSettings ppo = new() { NormalizeAdvantage = true, PtxCoeff = Coefficient, LossAggregation = aggregation };
        (Tensor plain, _) = FirstGradient(ppo, withPtx: false);
        (Tensor mixed, IReadOnlyDictionary<string, double> metrics) = FirstGradient(ppo, withPtx: true);
        (Tensor supervised, double crossEntropy) = ByParts(ppo, aggregation);

        var expected = (plain + (supervised * Coefficient)) * 0.5;
        double scale = expected.abs().max().item<float>();
        Assert.InRange((mixed - expected).abs().max().item<float>(), 0, 1e-4 * scale);
        Assert.InRange((mixed - plain).abs().max().item<float>(), 0.1 * scale, double.MaxValue);
        Assert.Equal(crossEntropy, metrics[MetricNames.PtxLoss], 1e-5);
    }

    [Fact]
    public void The_loss_of_the_policy_is_reported_without_its_share()
    {
        PpoSettings ppo = new() { NormalizeAdvantage = true, PtxCoeff = Coefficient };
        double plain = Update(ppo, withPtx: false)[MetricNames.PolicyLoss];
        Assert.Equal(plain, Update(ppo, withPtx: true)[MetricNames.PolicyLoss], 1e-6);
    }

    [Fact]
    public void Without_a_weight_the_cross_entropy_is_measured_and_teaches_nothing()
    {
        using var scope = NewDisposeScope();
        PpoSettings ppo = new() { NormalizeAdvantage = true, PtxCoeff = 0 };
        (Tensor plain, _) = FirstGradient(ppo, withPtx: false);
        (Tensor mixed, IReadOnlyDictionary<string, double> metrics) = FirstGradient(ppo, withPtx: true);

        Assert.InRange((mixed - (plain * 0.5)).abs().max().item<float>(), 0, 1e-7);
        Assert.Equal(ByParts(ppo, LossAggregation.Token).CrossEntropy, metrics[MetricNames.PtxLoss], 1e-5);
    }

    [Fact]
    public void Dialogues_go_on_from_step_to_step_and_wait_while_the_critic_warms_up()
    {
        using var scope = NewDisposeScope();
        (ExampleFeed<EncodedExample> feed, TaskMixer mixer) = Feed();
        using var models = new StoriesModels(
            new PpoSettings { CriticWarmupSteps = 1, UpdateIters = 2 }, StoriesModels.ShortResponses, Batches, ptx: actor => new PtxLoss(actor, feed, new PpoSettings(), microBatchSize: 2));
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);

        models.Updater.Update(experience, step: 1, new MetricAccumulator());
        Assert.Equal([0], mixer.State.SourceDraws);
        models.Updater.Update(experience, step: 2, new MetricAccumulator());
        Assert.Equal([16], mixer.State.SourceDraws); // 2 passes x 2 optimizer steps x 4 sequences
    }

    /// <summary>
    /// The gradient of the first optimizer step: the first moments of Adam are (1 − β₁) times it. Nothing clips it, and an accumulation
    /// of the whole rollout's first half is taken alone.
    /// </summary>
    private static (Tensor Gradient, IReadOnlyDictionary<string, double> Metrics) FirstGradient(PpoSettings ppo, bool withPtx)
    {
        using var scope = NewDisposeScope();
        using StoriesModels models = Models(ppo, withPtx);
        using Experience experience = models.Builder.Build([.. models.Roll().Take(4)], 0.1);
        MetricAccumulator metrics = new();
        models.Updater.Update(experience, 1, metrics);
        Assert.Equal(1, models.ActorOptimizer.Steps);
        return ((models.ActorOptimizer.FirstMoments / (1 - Beta1)).MoveToOuterDisposeScope(), metrics.Flush());
    }

    private static IReadOnlyDictionary<string, double> Update(PpoSettings ppo, bool withPtx)
    {
        using var scope = NewDisposeScope();
        return FirstGradient(ppo, withPtx).Metrics;
    }

    private static StoriesModels Models(PpoSettings ppo, bool withPtx) =>
        new(ppo, StoriesModels.ShortResponses, Batches, ptx: withPtx ? actor => Ptx(actor, ppo) : null);

    /// <summary>The cross-entropy of the same dialogues by torch's own function on whole logits, one row at a time, and its gradient.</summary>
    private static (Tensor Gradient, double CrossEntropy) ByParts(PpoSettings ppo, LossAggregation aggregation)
    {
        using var scope = NewDisposeScope();
        using var models = Models(ppo, withPtx: false);
        EncodedExample[] drawn = [.. Feed().Feed.Next()];
        int all = drawn.Sum(example => example.LossMask.Count(counts => counts));
        var loss = zeros(1);
        foreach (EncodedExample[] microBatch in drawn.Chunk(2))
        {
            int own = microBatch.Sum(example => example.LossMask.Count(counts => counts));
            foreach (EncodedExample example in microBatch)
            {
                var ids = tensor(example.Ids.Select(id => (long)id).ToArray()).unsqueeze(0); // [1, T]
                var positions = arange(example.Ids.Length, dtype: ScalarType.Int64).unsqueeze(0); // [1, T]
                var logits = models.Actor.Logits(models.Actor.Decoder.Forward(ids, positions))[0]; // [T, V]
                int first = Array.IndexOf(example.LossMask, true);
                int count = example.Ids.Length - first;
                var sum = cross_entropy(logits.narrow(0, first - 1, count), ids[0].narrow(0, first, count), reduction: TorchSharp.torch.nn.Reduction.Sum);
                loss = loss + (sum / (aggregation == LossAggregation.Token ? all : own * 2.0));
            }
        }

        loss.backward();
        return (models.ActorOptimizer.Parameters.Gradients.clone().MoveToOuterDisposeScope(), loss.item<float>());
    }

    private static PtxLoss Ptx(CausalLanguageModel actor, PpoSettings ppo) => new(actor, Feed().Feed, ppo, microBatchSize: 2);

    private static (ExampleFeed<EncodedExample> Feed, TaskMixer Mixer) Feed()
    {
        Dialogue[] lines = [.. Enumerable.Range(0, Dialogues.Length).Select(i => new Dialogue { Src = ["a"], Tgt = ["b"], Label = $"{i}" })];
        DialogueTask task = new()
        {
            Sources = [new TaskSource("dialogues", 1)],
            Files = [new DialogueFile { Path = "dialogues", Dialogues = lines, SkippedCount = 0, Skipped = [], UnreadKeys = new Dictionary<string, long>() }],
        };
        TaskMixer mixer = task.CreateMixer(5, TaskPurpose.Ptx);
        return (new ExampleFeed<EncodedExample>(task, mixer, Encode, batchSize: 4), mixer);
    }

    private static EncodedExample Encode(Dialogue dialogue)
    {
        (int[] ids, int promptLength) = Dialogues[int.Parse(dialogue.Label!, null)];
        return new EncodedExample
        {
            Ids = ids,
            LossMask = [.. ids.Select((_, place) => place >= promptLength)],
            DroppedTurns = 0,
            LastTurnCut = false,
            ReplyCut = false,
        };
    }
}
