using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;

namespace Proxima.Training;

/// <summary>The examples of a task, a batch at a time, in an order that depends on the seed alone.</summary>
/// <typeparam name="T">what a dialogue becomes: a prompt, an example with its replies</typeparam>
/// <param name="task">the task with its data</param>
/// <param name="mixer">the order of its lines; its state is that of the feed</param>
/// <param name="encode">dialogue → tokens</param>
/// <param name="batchSize">examples of a batch, over all ranks</param>
public sealed class ExampleFeed<T>(DialogueTask task, TaskMixer mixer, Func<Dialogue, T> encode, int batchSize)
{
    /// <summary>The next batch.</summary>
    public IReadOnlyList<T> Next() => [.. mixer.Next(batchSize).Select(draw => encode(task[draw]))];
}
