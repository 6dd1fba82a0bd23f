using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;

namespace Proxima.Training;

/// <summary>The training prompts, a batch at a time, in an order that depends on the seed alone.</summary>
/// <param name="task">the training task with its data</param>
/// <param name="mixer">the order of its lines</param>
/// <param name="encode">dialogue → prompt ids</param>
/// <param name="batchSize">prompts of a rollout, over all ranks</param>
public sealed class PromptFeed(DialogueTask task, TaskMixer mixer, Func<Dialogue, int[]> encode, int batchSize)
{
    /// <summary>Where the stream stands, for checkpoints.</summary>
    public TaskMixerState State => mixer.State;

    /// <summary>The next batch of prompts.</summary>
    public IReadOnlyList<Prompt> Next() => [.. mixer.Next(batchSize).Select(draw => new Prompt(task[draw], encode(task[draw])))];

    /// <summary>Goes to a place that <see cref="State"/> gave.</summary>
    public void Restore(TaskMixerState state) => mixer.Restore(state);
}
