using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;

namespace Proxima.Training.Stages;

/// <summary>
/// The examples of a task, a batch at a time, so that a batch holds examples of like length and little is padded: of each window of
/// some batches the examples are sorted by length, cut into batches, and the batches shuffled.
/// </summary>
/// <typeparam name="T">what a dialogue becomes</typeparam>
/// <param name="task">the task with its data</param>
/// <param name="mixer">the order of its lines; its state, one batch further after each, is that of the feed</param>
/// <param name="encode">dialogue → tokens</param>
/// <param name="length">tokens of an example</param>
/// <param name="batchSize">examples of a batch</param>
/// <param name="seed">of the order of the batches of a window</param>
public sealed class LengthGroupedFeed<T>(
    DialogueTask task, TaskMixer mixer, Func<Dialogue, T> encode, Func<T, int> length, int batchSize, long seed)
{
    private const int BatchesOfWindow = 16;

    private IReadOnlyList<T[]> _window = [];
    private long _windowNumber = -1;

    /// <summary>The next batch, its longest example first.</summary>
    public IReadOnlyList<T> Next()
    {
        (long window, long place) = Math.DivRem(mixer.Draws / batchSize, BatchesOfWindow);
        if (window != _windowNumber)
        {
            Fill(window);
        }

        mixer.Next(batchSize);
        return _window[(int)place];
    }

    /// <summary>Draws a whole window, wherever in it the mixer stands, and puts the mixer back to where it was.</summary>
    private void Fill(long window)
    {
        const int Size = BatchesOfWindow;
        long into = mixer.Draws - (window * Size * batchSize);
        mixer.Rewind(into);
        T[] examples = [.. mixer.Next(Size * batchSize).Select(draw => encode(task[draw])).OrderByDescending(length)];
        mixer.Rewind((Size * batchSize) - into);
        T[][] batches = [.. examples.Chunk(batchSize)];
        int[] order = new CounterRandom(seed, RandomPurpose.MicroBatchOrder, window).Permutation(Size);
        (_window, _windowNumber) = ([.. order.Select(i => batches[i])], window);
    }
}
