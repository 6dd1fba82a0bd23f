using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Tests.Data.Examples;
using Proxima.Tests.Training.Supervised;
using Proxima.Training.Preferences;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Preferences;

public sealed class PreferenceBatchTests
{
    [Fact]
    public void Every_two_responses_with_different_numbers_are_a_pair()
    {
        DialogueEncoder encoder = DialogueEncoder.Create(ByteTokenizer.Create(), null, ReplyEnding.EndOfTurn);
        Dialogue dialogue = new() { Src = ["q"], Tgt = [], Response = ["a", "bb", "c", ""], Sort = [1, 3, 1, -2] };

        RankedResponses line = RankedResponses.Of(dialogue, encoder, 50);

        Assert.Equal([(0, 3, 3.0), (1, 0, 2.0), (1, 2, 2.0), (1, 3, 5.0), (2, 3, 3.0)], line.Pairs);
        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("qbb"), ByteTokenizer.Eos], line.Responses[1].Ids);
        Assert.Equal((5, 16), (line.Length, line.Tokens));
    }

    [Fact]
    public void Scores_are_read_at_the_last_token_and_pairs_count_rows_over_all_lines()
    {
        RankedResponses first = new([Row(3, 4), Row(3)], [(1, 0, 0.5)]);
        RankedResponses second = new([Row(5, 0, 0), Row(5), Row(6, 7)], [(2, 0, 2), (2, 1, 1)]);
        using var batch = new PreferenceBatch([first, second], CPU);

        Assert.Equal([3, 4, 0, 3, 0, 0, 5, 0, 0, 5, 0, 0, 6, 7, 0], batch.Ids.data<long>().ToArray());
        Assert.Equal([1, 3, 8, 9, 13], batch.LastStates.data<long>().ToArray());
        Assert.Equal([1, 4, 4], batch.Better.data<long>().ToArray());
        Assert.Equal([0, 2, 3], batch.Worse.data<long>().ToArray());
        Assert.Equal([0.5f, 2, 1], batch.Differences.data<float>().ToArray());
    }

    internal static EncodedExample Row(params int[] ids) => SupervisedBatchTests.Example(ids, new bool[ids.Length]);
}
