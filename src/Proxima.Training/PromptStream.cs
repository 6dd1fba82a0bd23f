using Proxima.Data;

namespace Proxima.Training;

/// <summary>The training prompts, a batch at a time, in an order that depends on the seed alone.</summary>
/// <param name="mixer">draws dialogues</param>
/// <param name="encode">dialogue → prompt ids</param>
/// <param name="batchSize">prompts of a rollout, over all ranks</param>
public sealed class PromptStream(TaskMixer mixer, Func<Dialogue, int[]> encode, int batchSize)
{
    /// <summary>The mixer, for checkpoints.</summary>
    public TaskMixer Mixer => mixer;

    /// <summary>The next batch of prompts.</summary>
    public IReadOnlyList<Prompt> Next()
    {
        List<Prompt> prompts = [];
        for (int i = 0; i < batchSize; i++)
        {
            Dialogue dialogue = mixer.Next();
            prompts.Add(new Prompt(dialogue, encode(dialogue)));
        }

        return prompts;
    }
}
