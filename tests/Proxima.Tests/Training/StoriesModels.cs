using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Generation;
using Proxima.Models;
using Proxima.TestSupport;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

/// <summary>The four models of the stories task with everything around them, for tests that train a little.</summary>
internal sealed class StoriesModels : IDisposable
{
    private static readonly int[][] PromptIds = [
        [1, 385, 328, 432, 392, 417, 412, 286, 399, 296, 418], [1, 403, 407, 261, 378, 432], [1, 385, 328, 432], [1, 317, 439, 419]];

    public StoriesModels(
        PpoSettings ppo, SamplingSettings sampling, BatchSettings? batches = null, OptimizerSettings? optimizer = null,
        Func<CausalLanguageModel, PtxLoss>? ptx = null, (string Actor, string Reward)? folders = null, Device? device = null,
        WeightCopies copies = WeightCopies.None, LossScaleState? lossScale = null)
    {
        string actorFolder = folders?.Actor ?? RepositoryPaths.Shared("models", "stories260k");
        string rewardFolder = folders?.Reward ?? RepositoryPaths.Shared("models", "stories260k-reward");
        Actor = ModelFolder.LoadCausal(actorFolder, copies.NumberType(), device);
        Reference = ModelFolder.LoadCausal(actorFolder, copies.NumberType(), device);
        Critic = ModelFolder.LoadScore(rewardFolder, copies.NumberType(), device: device);
        Reward = ModelFolder.LoadScore(rewardFolder, copies.NumberType(), device: device);
        (Ppo, Sampling) = (ppo, sampling);
        Shaper = new ScoreShaper(ppo);
        Builder = new ExperienceBuilder(Actor, new FrozenModel<CausalLanguageModel>(Reference), Critic, new RewardModelSource(new FrozenModel<ScoreModel>(Reward)), Shaper, ppo, sampling);
        optimizer ??= new OptimizerSettings { LearningRate = 1e-3, MaxGradNorm = 1e9, LrSchedulerType = SchedulerType.Constant };
        ActorOptimizer = new ModelOptimizer("actor", Actor.NamedParameters(), LearningRateSchedule.ForActor(optimizer, 100), optimizer, 0, copies, lossScale: Scale(lossScale));
        CriticOptimizer = new ModelOptimizer("critic", Critic.NamedParameters(), LearningRateSchedule.ForActor(optimizer, 100), optimizer, 0, copies, lossScale: Scale(lossScale));
        Updater = new PpoUpdater(
            Actor, Critic, ActorOptimizer, CriticOptimizer, ppo, batches ?? new BatchSettings { PerDeviceTrainBatchSize = 4 },
            sampling.Temperature, seed: 3, ptx?.Invoke(Actor));
    }

    public CausalLanguageModel Actor { get; }

    public CausalLanguageModel Reference { get; }

    public ScoreModel Critic { get; }

    public ScoreModel Reward { get; }

    public PpoSettings Ppo { get; }

    public SamplingSettings Sampling { get; }

    public ScoreShaper Shaper { get; }

    public ExperienceBuilder Builder { get; }

    public ModelOptimizer ActorOptimizer { get; }

    public ModelOptimizer CriticOptimizer { get; }

    public PpoUpdater Updater { get; }

    /// <summary>Short responses that end with the full stop (id 426), or at max_dec_len.</summary>
    public static SamplingSettings ShortResponses { get; } = new() { MaxDecLen = 12, MaxSeqLen = 128, MaxPromptLen = 64, StopTokenIds = [426] };

    /// <summary>Eight sequences: four prompts of different lengths, two responses each.</summary>
    public IReadOnlyList<Sequence> Roll(int seed = 1) => Roll(GenerationEngines.Plain(Actor), seed);

    /// <summary>The same with other engines.</summary>
    public IReadOnlyList<Sequence> Roll(GenerationEngines engines, int seed = 1) =>
        new RolloutWorker(engines, Sampling, new StopCriteria { TokenIds = Sampling.StopTokenIds ?? [2] }, samplesPerPrompt: 2).Answer(
            [.. PromptIds.Select(ids => new Prompt(new Dialogue { Src = ["a"], Tgt = [] }, ids))],
            i => new CounterRandom(seed, RandomPurpose.Rollout, 0, i));

    private static LossScale? Scale(LossScaleState? state) => state is null ? null : new LossScale { State = state };

    public void Dispose()
    {
        foreach (IDisposable owned in new IDisposable[] { ActorOptimizer, CriticOptimizer, Actor, Reference, Critic, Reward })
        {
            owned.Dispose();
        }
    }
}
