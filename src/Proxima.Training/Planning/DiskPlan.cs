using Proxima.Core.Settings;
using Proxima.Models;

namespace Proxima.Training.Planning;

/// <summary>What a run writes: checkpoints, and actor and critic at the end.</summary>
/// <param name="Checkpoint">bytes of one</param>
/// <param name="Models">bytes of actor and critic, as they are saved at the end</param>
/// <param name="Saved">checkpoints that are written</param>
/// <param name="Kept">checkpoints that stay</param>
/// <param name="Highest">bytes when there are most: a new checkpoint is whole before an old one goes</param>
public sealed record DiskPlan(double Checkpoint, double Models, int Saved, int Kept, double Highest)
{
    private const double OptimizerBytes = 3 * sizeof(float); // weight and two moments

    /// <summary>Counts.</summary>
    /// <param name="actor">its size</param>
    /// <param name="critic">its size</param>
    /// <param name="run">when to save, and what to keep</param>
    /// <param name="calendar">of the run</param>
    /// <param name="steps">of the run</param>
    public static DiskPlan Of(ModelSize actor, ModelSize critic, RunSettings run, StepCalendar calendar, int steps)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(critic);
        ArgumentNullException.ThrowIfNull(run);
        double models = (actor.LanguageModel * actor.StoredBytes) + (critic.ScoreModel * critic.StoredBytes);
        double checkpoint = models + (OptimizerBytes * ((double)actor.LanguageModel + critic.ScoreModel));
        int saved = Enumerable.Range(1, steps).Count(calendar.Saves);
        int kept = Math.Min(saved, (run.SaveTotalLimit ?? saved) + (run.LoadBestModelAtEnd ? 1 : 0));
        return new DiskPlan(checkpoint, models, saved, kept, Math.Max(Math.Min(saved, kept + 1) * checkpoint, (kept * checkpoint) + models));
    }
}
