using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Tests.Data.Examples;

public sealed class PlainDialogueEncoderTests
{
    private readonly DialogueEncoder _encoder = DialogueEncoder.Create(ByteTokenizer.Create(), null, ReplyEnding.EndOfTurn);

    [Fact]
    public void A_single_turn_prompt_is_the_text_with_the_special_tokens_of_the_tokenizer()
    {
        EncodedPrompt prompt = _encoder.EncodePrompt(Prompt(["Hi 你"]), 100);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("Hi 你")], prompt.Ids);
        Assert.Equal(0, prompt.DroppedTurns);
        Assert.False(prompt.LastTurnCut);
    }

    [Fact]
    public void Turns_are_joined_by_newlines_with_the_system_message_first()
    {
        Dialogue dialogue = Prompt(["a", "c"], ["b"]) with { System = "S" };

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("S\na\nb\nc")], _encoder.EncodePrompt(dialogue, 100).Ids);
    }

    [Theory]
    [InlineData(20, "aaaa\nbbbb\ncc\ndd\neeee", 0)]
    [InlineData(19, "cc\ndd\neeee", 1)]
    [InlineData(10, "cc\ndd\neeee", 1)]
    [InlineData(9, "eeee", 2)]
    [InlineData(4, "eeee", 2)]
    public void An_older_exchange_that_does_not_fit_whole_is_dropped(int room, string expected, int dropped)
    {
        EncodedPrompt prompt = _encoder.EncodePrompt(Prompt(["aaaa", "cc", "eeee"], ["bbbb", "dd"]), room + 1);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids(expected)], prompt.Ids);
        Assert.Equal(dropped, prompt.DroppedTurns);
        Assert.False(prompt.LastTurnCut);
    }

    [Fact]
    public void History_stops_at_the_first_exchange_that_does_not_fit_even_if_an_older_one_would()
    {
        EncodedPrompt prompt = _encoder.EncodePrompt(Prompt(["a", "a long exchange", "c"], ["b", "that does not fit"]), 12);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("c")], prompt.Ids);
        Assert.Equal(2, prompt.DroppedTurns);
    }

    [Fact]
    public void A_last_turn_that_is_too_long_alone_keeps_its_end_and_the_system_message()
    {
        Dialogue dialogue = Prompt(["old", "0123456789"], ["reply"]) with { System = "S" };

        EncodedPrompt prompt = _encoder.EncodePrompt(dialogue, 8);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("S\n56789")], prompt.Ids);
        Assert.Equal(1, prompt.DroppedTurns);
        Assert.True(prompt.LastTurnCut);
    }

    [Theory]
    [InlineData("x[<search-res>]ab", 4, "ab")]
    [InlineData("x[<search-res>]ab", 16, "[<search-res>]ab")]
    [InlineData("x[<search-res>]ab", 15, "ab")]
    [InlineData("你好吗", 7, "好吗")]
    [InlineData("a😀b", 4, "b")]
    public void Truncation_splits_neither_a_tag_nor_a_character(string turn, int room, string kept)
    {
        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids(kept)], _encoder.EncodePrompt(Prompt([turn]), room + 1).Ids);
    }

    [Theory]
    [InlineData("abc", null, 1)]
    [InlineData("ab[<search>]", null, 5)]
    [InlineData("abc", "a long system message", 20)]
    public void No_room_for_any_of_the_last_turn_is_an_error_that_names_the_line(string turn, string? system, int room)
    {
        Dialogue dialogue = Prompt([turn]) with { System = system, Origin = new SourceLine("x.jsonl", 7) };

        ProximaException error = Assert.Throws<ProximaException>(() => _encoder.EncodePrompt(dialogue, room));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith("x.jsonl:7: ", error.Message);
        Assert.Contains("max_prompt_len", error.Message);
    }

    [Fact]
    public void A_reply_follows_the_prompt_directly_and_ends_in_eos_which_is_trained_too()
    {
        EncodedExample example = _encoder.EncodeExample(Supervised(["a", "c"], ["b", "dd"]), 100);

        int[] prompt = [ByteTokenizer.Bos, .. ByteTokenizer.Ids("a\nb\nc")];
        Assert.Equal([.. prompt, .. ByteTokenizer.Ids("dd"), ByteTokenizer.Eos], example.Ids);
        Assert.Equal([.. prompt.Select(_ => false), true, true, true], example.LossMask);
        Assert.False(example.ReplyCut);
    }

    [Fact]
    public void Without_an_end_of_reply_the_last_token_is_the_replys_own()
    {
        DialogueEncoder encoder = DialogueEncoder.Create(ByteTokenizer.WithoutEnd(), null, ReplyEnding.None);

        EncodedExample example = encoder.EncodeExample(Supervised(["a"], ["bc"]), 100);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("abc")], example.Ids);
        Assert.Equal([false, false, true, true], example.LossMask);
    }

    [Fact]
    public void A_tokenizer_without_eos_is_refused_where_replies_are_to_end()
    {
        ProximaException error = Assert.Throws<ProximaException>(
            () => DialogueEncoder.Create(ByteTokenizer.WithoutEnd(), null, ReplyEnding.EndOfTurn));

        Assert.Contains("ignore_eos", error.Message);
    }

    [Fact]
    public void A_dialogue_of_several_replies_gives_one_example_for_each()
    {
        IReadOnlyList<Dialogue> examples = _encoder.Expand(Supervised(["a", "c"], ["b", "d"]) with { System = "S" });

        Assert.Equal(2, examples.Count);
        Assert.Equal(["a"], examples[0].Src);
        Assert.Equal(["b"], examples[0].Tgt);
        Assert.Equal(["a", "c"], examples[1].Src);
        Assert.Equal(["b", "d"], examples[1].Tgt);
        Assert.All(examples, example => Assert.Equal("S", example.System));
    }

    [Fact]
    public void Responses_stand_behind_the_same_prompt()
    {
        Dialogue dialogue = Prompt(["old", "q"], ["reply"]) with { Response = ["x", "longer one"], Sort = [1, 0] };

        IReadOnlyList<EncodedExample> examples = _encoder.EncodeResponses(dialogue, 14);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("qx"), ByteTokenizer.Eos], examples[0].Ids);
        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("qlonger one"), ByteTokenizer.Eos], examples[1].Ids);
        Assert.All(examples, example => Assert.Equal(1, example.DroppedTurns));
        Assert.All(examples, example => Assert.False(example.ReplyCut));
    }

    [Fact]
    public void A_reply_that_is_too_long_keeps_its_beginning_and_gets_no_end()
    {
        EncodedExample example = _encoder.EncodeExample(Supervised(["ab"], ["0123456[<search>]"]), 12);

        // 3 tokens of prompt leave 9; the tag does not fit whole.
        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("ab0123456")], example.Ids);
        Assert.Equal(7, example.LossMask.Count(trained => trained));
        Assert.True(example.ReplyCut);
    }

    [Fact]
    public void A_long_turn_and_a_long_reply_each_keep_half()
    {
        EncodedExample example = _encoder.EncodeExample(Supervised(["0123456789"], ["abcdefghij"]), 10);

        Assert.Equal([ByteTokenizer.Bos, .. ByteTokenizer.Ids("6789abcde")], example.Ids);
        Assert.True(example.LastTurnCut);
        Assert.True(example.ReplyCut);
    }

    internal static Dialogue Prompt(string[] src, params string[] tgt) => new() { Src = src, Tgt = tgt };

    private static Dialogue Supervised(string[] src, string[] tgt) => new() { Src = src, Tgt = tgt };
}
