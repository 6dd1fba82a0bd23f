using CsCheck;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Tests.Data.Examples;

/// <summary>What holds for every dialogue and every room.</summary>
public sealed class TruncationProperties
{
    private static readonly Gen<string> Turn = Gen.OneOf("[<search>]", "[<search-res>]", "a", "b ", "你", "😀", "[", "<x>]", "\n")
        .Array[1, 12].Select(string.Concat);

    private static readonly Gen<(string[] Src, string[] Tgt)> Turns =
        Gen.Int[1, 4].SelectMany(n => Gen.Select(Turn.Array[n], Turn.Array[n - 1]));

    private readonly DialogueEncoder _encoder = DialogueEncoder.Create(ByteTokenizer.Create(), null, ReplyEnding.EndOfTurn);

    [Fact]
    public void A_prompt_never_exceeds_its_room_and_ends_in_the_end_of_the_last_turn()
    {
        Gen.Select(Turns, Gen.Int[16, 80]).Sample((turns, room) =>
        {
            EncodedPrompt prompt = _encoder.EncodePrompt(new Dialogue { Src = turns.Src, Tgt = turns.Tgt }, room);

            Assert.InRange(prompt.Ids.Length, 2, room);
            Assert.Equal(ByteTokenizer.Bos, prompt.Ids[0]);
            string text = ByteTokenizer.Text(prompt.Ids.Skip(1));
            string last = turns.Src[^1];
            if (prompt.LastTurnCut)
            {
                Assert.EndsWith(text, last, StringComparison.Ordinal);
                Assert.Equal(turns.Tgt.Length, prompt.DroppedTurns);
                AssertSplitsNoTag(last, last.Length - text.Length);
            }
            else
            {
                Assert.Equal(WholeTurns(turns, prompt.DroppedTurns), text);
            }
        });
    }

    [Fact]
    public void No_exchange_is_dropped_that_would_have_fitted()
    {
        Gen.Select(Turns, Gen.Int[16, 80]).Sample((turns, room) =>
        {
            EncodedPrompt prompt = _encoder.EncodePrompt(new Dialogue { Src = turns.Src, Tgt = turns.Tgt }, room);

            if (prompt.LastTurnCut)
            {
                Assert.True(1 + ByteTokenizer.Ids(turns.Src[^1]).Length > room);
            }
            else if (prompt.DroppedTurns > 0)
            {
                Assert.True(1 + ByteTokenizer.Ids(WholeTurns(turns, prompt.DroppedTurns - 1)).Length > room);
            }
        });
    }

    [Fact]
    public void An_example_never_exceeds_its_room_and_trains_the_beginning_of_its_reply()
    {
        Gen.Select(Turns, Turn, Gen.Int[32, 90]).Sample((turns, reply, room) =>
        {
            Dialogue dialogue = new() { Src = turns.Src, Tgt = [.. turns.Tgt, reply] };

            EncodedExample example = _encoder.EncodeExample(dialogue, room);

            Assert.InRange(example.Ids.Length, 2, room);
            Assert.Equal(example.Ids.Length, example.LossMask.Length);
            int promptLength = Array.IndexOf(example.LossMask, true);
            promptLength = promptLength < 0 ? example.Ids.Length : promptLength;
            Assert.DoesNotContain(false, example.LossMask[promptLength..]);
            int[] trained = example.Ids[promptLength..];
            if (example.ReplyCut)
            {
                string text = ByteTokenizer.Text(trained);
                Assert.StartsWith(text, reply, StringComparison.Ordinal);
                AssertSplitsNoTag(reply, text.Length);
            }
            else
            {
                Assert.Equal([.. ByteTokenizer.Ids(reply), ByteTokenizer.Eos], trained);
            }
        });
    }

    private static string WholeTurns((string[] Src, string[] Tgt) turns, int dropped)
    {
        IEnumerable<string> kept = turns.Src.Zip(turns.Tgt, (src, tgt) => new[] { src, tgt }).Skip(dropped).SelectMany(pair => pair);
        return string.Join('\n', kept.Append(turns.Src[^1]));
    }

    internal static void AssertSplitsNoTag(string text, int cut)
    {
        foreach (string tag in new[] { "[<search>]", "[<search-res>]" })
        {
            for (int at = text.IndexOf(tag, StringComparison.Ordinal); at >= 0; at = text.IndexOf(tag, at + 1, StringComparison.Ordinal))
            {
                Assert.False(at < cut && cut < at + tag.Length, $"cut at {cut} splits {tag} at {at} of {text}");
            }
        }
    }
}
