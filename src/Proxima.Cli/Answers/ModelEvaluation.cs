using Proxima.Cli.Ppo;
using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Cli.Answers;

/// <summary>Lets models answer the prompts of an evaluation and scores the answers; one model is in memory at a time.</summary>
internal sealed class ModelEvaluation(EvalInputs inputs, IReadOnlyDictionary<string, IRewardFunction> rewardFunctions, CancellationToken stop)
{
    private readonly EvalCommandSettings _settings = inputs.Settings;

    /// <summary>Answers and scores of one model. Two models draw from the same random streams.</summary>
    /// <exception cref="ProximaException">the weights cannot be read, or the source of rewards failed</exception>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public ModelAnswers Run((ModelText Text, RewardText? RewardText) asked)
    {
        ModelText answering = asked.Text;
        using CausalLanguageModel model = ModelFolder.LoadCausal(answering.Folder, ScalarType.Float32);
        using ScoreModel? reward = _settings.Eval.RewardModelNameOrPath is { } folder ? ModelFolder.LoadScore(folder, ScalarType.Float32) : null;
        using GenerationEngines engines = Composition.Engines(model, answering.Sampling, new MachineSettings());
        using var rewards = new PpoRewards(_settings.Reward, answering.Tokenizer, reward is null ? null : new FrozenModel<ScoreModel>(reward), asked.RewardText, rewardFunctions, stop);
        int samples = answering.Sampling.NumReturnSequences;
        var worker = new RolloutWorker(engines, answering.Sampling, answering.Ends, samples, stop: stop);
        List<Sequence> sequences = [];
        List<double> scores = [];
        List<double> gold = [];
        foreach (var batch in inputs.Prompts.Chunk(_settings.Answering.PerDeviceEvalBatchSize))
        {
            int offset = sequences.Count;
            Prompt[] prompts = [.. batch.Select(answering.EncodePrompt)];
            IReadOnlyList<Sequence> answers = worker.Answer(prompts, i => new CounterRandom(_settings.Eval.EvalSeed, RandomPurpose.Evaluation, 0, offset + i));
            scores.AddRange(rewards.Source.Score(answers));
            gold.AddRange(rewards.Gold?.Score(answers) ?? []);
            sequences.AddRange(answers);
        }

        return new ModelAnswers
        {
            Folder = answering.Folder,
            Sequences = sequences,
            Texts = [.. sequences.Select(sequence => answering.Tokenizer.Decode(sequence.Response))],
            Scores = scores,
            Gold = rewards.Gold is null ? null : gold,
            AnswersPerPrompt = samples,
        };
    }
}
