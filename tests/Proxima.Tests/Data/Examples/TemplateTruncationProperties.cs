using CsCheck;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Tests.Data.Examples;

/// <summary>What holds for every dialogue and every room with a chat template.</summary>
public sealed class TemplateTruncationProperties
{
    private const string Head = "<|start|>user\n";
    private const string Tail = "<|end|>\n<|start|>assistant\n";

    private const string Template =
        "{% for m in messages %}{{ '<|start|>' ~ m.role ~ '\n' ~ m.content ~ '<|end|>\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}";

    private static readonly Gen<string> Turn = Gen.OneOf("[<search>]", "[<search-res>]", "a", "b ", "你", "😀", "[", "<x>]", "\n")
        .Array[1, 12].Select(string.Concat);

    private static readonly Gen<(string[] Src, string[] Tgt)> Turns =
        Gen.Int[1, 4].SelectMany(n => Gen.Select(Turn.Array[n], Turn.Array[n]));

    private readonly DialogueEncoder _encoder = TemplateDialogueEncoderTests.Encoder(Template);

    [Fact]
    public void A_prompt_never_exceeds_its_room_and_keeps_whole_exchanges_or_the_end_of_the_last_turn()
    {
        int frame = ByteTokenizer.Ids(Head + Tail).Length;
        Gen.Select(Turns, Gen.Int[14, 90]).Sample((turns, extra) =>
        {
            int room = frame + extra;
            Dialogue dialogue = new() { Src = turns.Src, Tgt = [.. turns.Tgt.SkipLast(1)] };

            EncodedPrompt prompt = _encoder.EncodePrompt(dialogue, room);

            Assert.InRange(prompt.Ids.Length, frame + 1, room);
            if (prompt.LastTurnCut)
            {
                string kept = ByteTokenizer.Text(prompt.Ids[ByteTokenizer.Ids(Head).Length..^ByteTokenizer.Ids(Tail).Length]);
                Assert.EndsWith(kept, turns.Src[^1], StringComparison.Ordinal);
                TruncationProperties.AssertSplitsNoTag(turns.Src[^1], turns.Src[^1].Length - kept.Length);
            }
            else
            {
                Assert.Equal(ByteTokenizer.Ids(Rendered(turns, prompt.DroppedTurns)), prompt.Ids);
            }
        });
    }

    [Fact]
    public void An_example_never_exceeds_its_room_and_trains_whole_replies_or_the_beginning_of_the_last()
    {
        // The prompt may be left with half of the room, and the longest tag (14 tokens, never split) must fit there.
        int frame = ByteTokenizer.Ids(Head + Tail).Length;
        Gen.Select(Turns, Gen.Int[frame + 30, 200]).Sample((turns, extra) =>
        {
            int room = frame + extra;
            Dialogue dialogue = new() { Src = turns.Src, Tgt = turns.Tgt };

            EncodedExample example = _encoder.EncodeExample(dialogue, room);

            Assert.InRange(example.Ids.Length, 1, room);
            string trained = TrainedText(example);
            string whole = string.Concat(turns.Tgt.Skip(example.DroppedTurns).Select(reply => reply + "<|end|>"));
            if (example.ReplyCut)
            {
                Assert.StartsWith(trained, turns.Tgt[^1] + "<|end|>", StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(whole, trained);
            }
        });
    }

    private static string TrainedText(EncodedExample example) =>
        ByteTokenizer.Create().DecodeWithSpecialTokens([.. example.Ids.Where((_, i) => example.LossMask[i])]);

    private static string Rendered((string[] Src, string[] Tgt) turns, int dropped)
    {
        IEnumerable<string> history = turns.Src.Zip(turns.Tgt, (src, tgt) => $"{Head}{src}{Tail}{tgt}<|end|>\n");
        return string.Concat(history.SkipLast(1).Skip(dropped)) + Head + turns.Src[^1] + Tail;
    }
}
