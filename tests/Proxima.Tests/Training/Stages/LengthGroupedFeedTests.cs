using CsCheck;
using Proxima.Data.Dialogues;
using Proxima.Data.Tasks;
using Proxima.Training.Stages;

namespace Proxima.Tests.Training.Stages;

public sealed class LengthGroupedFeedTests
{
    private const int BatchesOfWindow = 16;

    private static readonly Gen<(int[] Lengths, int BatchSize, long Seed)> Cases = Gen.Select(Gen.Int[1, 50].Array[1, 40], Gen.Int[1, 5], Gen.Long);

    [Fact]
    public void A_window_holds_the_examples_that_the_mixer_draws_in_batches_of_like_length()
    {
        Cases.Sample(c =>
        {
            (DialogueTask task, TaskMixer mixer, LengthGroupedFeed<Dialogue> feed) = Create(c);
            TaskMixer plain = task.CreateMixer(c.Seed, TaskPurpose.Training);
            for (int window = 0; window < 3; window++)
            {
                IReadOnlyList<Dialogue>[] batches = [.. Enumerable.Range(0, BatchesOfWindow).Select(_ => feed.Next())];
                int[] expected = [.. plain.Next(BatchesOfWindow * c.BatchSize).Select(draw => Length(task[draw])).Order()];

                Assert.All(batches, batch => Assert.Equal(batch.Select(Length).OrderDescending(), batch.Select(Length)));
                Assert.Equal(expected, batches.OrderBy(batch => Length(batch[^1])).ThenBy(batch => Length(batch[0])).SelectMany(batch => batch.Select(Length).Order()));
                Assert.Equal(plain.State.SourceDraws, mixer.State.SourceDraws);
            }
        });
    }

    [Fact]
    public void A_feed_that_goes_on_from_a_state_in_a_window_gives_the_batches_of_one_that_did_not_stop()
    {
        Gen.Select(Cases, Gen.Int[0, 40]).Sample((c, taken) =>
        {
            (_, TaskMixer mixer, LengthGroupedFeed<Dialogue> feed) = Create(c);
            for (int i = 0; i < taken; i++)
            {
                feed.Next();
            }

            TaskMixerState state = mixer.State;
            string[] whole = [.. Enumerable.Range(0, 20).Select(_ => Text(feed.Next()))];
            (_, TaskMixer restored, LengthGroupedFeed<Dialogue> second) = Create(c);
            restored.Restore(state);

            Assert.Equal(whole, Enumerable.Range(0, 20).Select(_ => Text(second.Next())));
            Assert.Equal(mixer.State.SourceDraws, restored.State.SourceDraws);
        });
    }

    private static (DialogueTask Task, TaskMixer Mixer, LengthGroupedFeed<Dialogue> Feed) Create((int[] Lengths, int BatchSize, long Seed) c)
    {
        Dialogue[] dialogues = [.. c.Lengths.Select((length, i) => new Dialogue { Src = [$"{i}", new string('x', length)], Tgt = [] })];
        DialogueTask task = new()
        {
            Sources = [new TaskSource("memory", 1)],
            Files = [new DialogueFile { Path = "memory", Dialogues = dialogues, SkippedCount = 0, Skipped = [], UnreadKeys = new Dictionary<string, long>() }],
        };
        TaskMixer mixer = task.CreateMixer(c.Seed, TaskPurpose.Training);
        return (task, mixer, new LengthGroupedFeed<Dialogue>(task, mixer, dialogue => dialogue, Length, c.BatchSize, c.Seed));
    }

    private static int Length(Dialogue dialogue) => dialogue.Src[1].Length;

    private static string Text(IReadOnlyList<Dialogue> batch) => string.Join(' ', batch.Select(dialogue => dialogue.Src[0]));
}
