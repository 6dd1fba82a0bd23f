using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Distributed;

namespace Proxima.Training.Stages;

/// <summary>The loop of the stages before PPO, supervised fine-tuning and the reward model: one optimizer step a step.</summary>
/// <typeparam name="T">their examples</typeparam>
public sealed class StageTrainer<T>(
    LengthGroupedFeed<T> examples,
    Func<T, int> tokens,
    IStageUpdater<T> updater,
    StepLog log,
    Milestones milestones,
    int totalSteps,
    IRunDisplay display,
    ICommunicator ranks)
{
    /// <summary>Trains from the step after <paramref name="lastStep"/> to the end.</summary>
    /// <param name="lastStep">last step already taken: 0, or that of the checkpoint the run goes on from</param>
    /// <exception cref="OperationCanceledException">a stop was asked for; the step that was on is finished</exception>
    public void Train(int lastStep)
    {
        display.Begin(lastStep + 1, totalSteps);
        bool goesOn = milestones.Begin(lastStep);
        for (int step = lastStep + 1; goesOn && step <= totalSteps; step++)
        {
            using var clock = new StepClock(step, display);
            log.BeginTraffic(ranks);
            clock.Begin(RunPhase.Update);
            IReadOnlyList<T> batch = examples.Next();
            if (updater.Update(batch, log.Metrics).Skipped is { } skipped)
            {
                display.Note(skipped);
            }

            AddTimes(batch, clock.Stop()[RunPhase.Update]);
            log.AddTraffic(ranks);
            log.AddMemory(step);
            goesOn = milestones.After(step);
        }
    }

    private void AddTimes(IReadOnlyList<T> batch, double seconds)
    {
        log.Metrics.Add(MetricNames.TimeUpdateS, seconds);
        log.Metrics.Add(MetricNames.ThroughputTrainTokensPerS, batch.Sum(tokens) / seconds);
    }
}
