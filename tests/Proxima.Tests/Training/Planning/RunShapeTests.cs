using Proxima.Training.Planning;

namespace Proxima.Tests.Training.Planning;

public sealed class RunShapeTests
{
    private static readonly RunShape Shape = new() { Batch = TinyPlans.Batch(), PromptLengths = [3, 5], Samples = 2, NewTokens = 4 };

    [Fact]
    public void Rows_are_padded_to_the_longest_of_a_micro_batch()
    {
        Assert.Equal(9, Shape.PaddedSequence);
        Assert.Equal(8, (Shape with { Batch = TinyPlans.Batch() with { SequencesPerMicroBatch = 1 } }).PaddedSequence);
        Assert.Equal(9, Shape.LongestSequence);
    }

    [Fact]
    public void Tokens_of_a_rollout_are_those_of_prompts_and_full_responses() => Assert.Equal(16 * 8, Shape.RolloutTokens);

    [Theory]
    [InlineData(100, 48, 100)]
    [InlineData(500, 48, 170)] // 8,192 tokens at a time
    [InlineData(500, 10000, 1)]
    public void A_forward_without_gradients_takes_8192_tokens(int sequences, int length, int rows) => Assert.Equal(rows, RunShape.RowsOfAForward(sequences, length));

    [Fact]
    public void A_rollout_packs_reads_and_writes() =>
        Assert.Equal(0.5 + (100 * 0.01) + (8 / 4 * 10 * 0.1), new EngineCost(Pack: 0.5, PromptToken: 0.01, Step: 0.1, Width: 4).Seconds(promptTokens: 100, responses: 8, newTokens: 10), 1e-12);

    [Fact]
    public void Twice_the_layers_take_twice_the_time_and_keep_twice_as_much_but_work_one_after_the_other() =>
        Assert.Equal(new PassCost(Seconds: 12, Kept: 60, Transient: 15), new PassCost(2, 10, 5).Scaled(layers: 2, seconds: 3, tokens: 3));
}
