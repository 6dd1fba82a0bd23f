using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Training.Rewards;

namespace Proxima.Training;

/// <summary>
/// What the reference says to the first evaluation prompts, kept once beside the samples of the steps. It draws from the streams of the
/// evaluations, so that their answers to the same prompts differ by the policy alone.
/// </summary>
public sealed class ReferenceAnswers(RolloutWorker reference, IRewardSource rewardSource, IReadOnlyList<Prompt> prompts, RunSettings run, SampleLog samples)
{
    /// <summary>Answers log_samples_per_step prompts, scores the answers and writes them down.</summary>
    /// <exception cref="OperationCanceledException">a stop was asked for; nothing was written</exception>
    public void Write()
    {
        Prompt[] first = [.. prompts.Take(run.LogSamplesPerStep)];
        if (first.Length > 0)
        {
            IReadOnlyList<Sequence> answers = reference.Answer(
                first, i => new CounterRandom(run.EvalSeed, RandomPurpose.Evaluation, 0, (long)i * run.EvalNumReturnSequences));
            samples.AppendReference(answers, rewardSource.Score(answers));
        }
    }
}
