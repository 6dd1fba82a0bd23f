using CsCheck;
using Proxima.TestSupport;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>Strings that end in a token of stories260k, whose line feed is spelt as a byte.</summary>
public sealed class StopStringWatcherTests
{
    private const int LineFeed = 13;

    private static readonly Tokenizer Stories = Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"));

    [Fact]
    public void A_string_over_three_tokens_ends_in_the_last_of_them()
    {
        // "▁he", "'", "s", "▁b": the string begins and ends inside a token.
        Assert.Equal([3], Ends(["e's b"], 281, 439, 419, 268, 419));
    }

    [Fact]
    public void A_line_feed_that_is_a_byte_is_found_at_once()
    {
        Assert.Equal([1], Ends(["\n"], 281, LineFeed, 281));
    }

    [Fact]
    public void A_character_of_several_bytes_is_found_with_its_last_byte()
    {
        // é is C3 A9 and a byte's id is its value + 3.
        Assert.Equal([2], Ends(["é"], 281, 0xC3 + 3, 0xA9 + 3, 281));
    }

    [Fact]
    public void Each_end_is_told_once()
    {
        Assert.Equal([1, 2, 4], Ends(["\n", "o"], 281, LineFeed, LineFeed, 281, 414, 281));
    }

    [Fact]
    public void A_special_token_counts_as_its_text()
    {
        Assert.Equal([1], Ends(["</s>"], 281, 2, 281));
    }

    [Fact]
    public void The_first_end_is_where_the_decoded_text_first_holds_the_string()
    {
        Gen<int[]> ids = Gen.Frequency((3, Gen.Int[259, 511]), (1, Gen.Int[0, 258])).Array[1, 30];
        Gen.Select(ids, Gen.Int[0, 29], Gen.Int[1, 6]).Sample((tokens, start, length) =>
        {
            string text = Stories.DecodeWithSpecialTokens(tokens);
            if (start + length > text.Length)
            {
                return;
            }

            string wanted = text.Substring(start, length);
            int first = Enumerable.Range(0, tokens.Length).First(
                i => Stories.DecodeWithSpecialTokens(tokens.AsSpan(0, i + 1)).Contains(wanted, StringComparison.Ordinal));
            Assert.Equal(first, Ends([wanted], tokens)[0]);
        });
    }

    private static List<int> Ends(string[] strings, params int[] ids)
    {
        StopStringWatcher watcher = new(Stories, strings);
        bool[] ends = [.. ids.Select(watcher.Push)];
        return [.. Enumerable.Range(0, ids.Length).Where(i => ends[i])];
    }
}
