using Proxima.Core;
using Proxima.Core.Display;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Proximal policy optimization from feedback (Schulman et al. 2017; Ouyang et al. 2022): THE LOOP.
/// Reading order: here → <see cref="ExperienceBuilder"/> → Proxima.Numerics → <see cref="PpoUpdater"/> → Proxima.Models.
/// </summary>
public sealed class PpoTrainer(
    ExampleFeed<Prompt> prompts,
    RolloutWorker worker,
    ExperienceBuilder experienceBuilder,
    PpoUpdater updater,
    KlController klController,
    StepReporter reporter,
    Milestones milestones,
    int totalSteps,
    int optimizerStepsPerStep,
    long seed,
    IRunDisplay display)
{
    /// <summary>Trains from the step after <paramref name="lastStep"/> to the end.</summary>
    /// <param name="lastStep">last step already taken: 0, or that of the checkpoint the run goes on from</param>
    /// <exception cref="OperationCanceledException">a stop was asked for; a step that has reached its update is finished, any other is lost</exception>
    public void Train(int lastStep)
    {
        display.Begin(lastStep + 1, totalSteps);
        bool goesOn = milestones.Begin(lastStep);
        for (int step = lastStep + 1; goesOn && step <= totalSteps; step++)
        {
            using var scope = NewDisposeScope(); // frees every tensor this step makes
            using var clock = new StepClock(step, display);
            reporter.Begin();

            try
            {
                // 1. Roll out: the actor answers a batch of prompts.
                clock.Begin(RunPhase.Rollout);
                IReadOnlyList<Sequence> rollout = worker.Answer(prompts.Next(), Streams(step));

                // 2. Score: one score a sequence; log-probs of actor and reference, values of the critic, one a token.
                // 3. Advantages: a KL penalty on each token, the score on the last one, then GAE.
                clock.Begin(RunPhase.Score);
                using Experience experience = experienceBuilder.Build(rollout, klController.Coefficient);

                // 4. Update actor and critic.
                clock.Begin(RunPhase.Update);
                IReadOnlyList<string> skipped = updater.Update(experience, step, reporter.Metrics);
                reporter.Add(step, experience, klController.Coefficient, clock.Stop(), skipped);
                klController.Update(experience.KlPerSequence, rollout.Count);
            }
            catch (NonFiniteException fault) // in the rollout or its scores; three steps in a row end the run
            {
                reporter.AddSkipped(step, updater.Skip(step, fault.Message, optimizerStepsPerStep, reporter.Metrics));
            }

            // 5. Report, evaluate, save.
            goesOn = milestones.After(step);
        }
    }

    /// <summary>Each sequence draws from a stream keyed by (seed, step, its index), whatever ranks and batches there are.</summary>
    private Func<int, CounterRandom> Streams(int step) => i => new CounterRandom(seed, RandomPurpose.Rollout, step, i);
}
