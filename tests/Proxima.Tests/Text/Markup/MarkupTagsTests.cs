using Proxima.Text.Markup;

namespace Proxima.Tests.Text.Markup;

public sealed class MarkupTagsTests
{
    [Fact]
    public void Tags_are_found_where_they_stand()
    {
        Assert.Equal([(1, 11), (12, 26), (26, 37)], MarkupTags.Find("x[<search>] [<search-res>][</search>]"));
    }

    [Theory]
    [InlineData("[<>]")]
    [InlineData("[<two words>]")]
    [InlineData("[search]")]
    [InlineData("<search>")]
    [InlineData("[<search>")]
    public void What_is_no_tag_is_not_found(string text)
    {
        Assert.Empty(MarkupTags.Find(text));
    }

    [Theory]
    [InlineData("", new[] { 0 })]
    [InlineData("ab", new[] { 0, 1, 2 })]
    [InlineData("a😀[<s>]b", new[] { 0, 1, 3, 8, 9 })]
    public void A_text_is_cut_between_characters_and_around_tags(string text, int[] points)
    {
        Assert.Equal(points, MarkupTags.CutPoints(text));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_character_of_its_own()
    {
        Assert.Equal([0, 1, 2], MarkupTags.CutPoints("\ud83dx"));
        Assert.Equal([0, 1], MarkupTags.CutPoints("\ud83d"));
    }

    [Fact]
    public void The_work_of_a_cut_grows_with_what_fits_and_not_with_the_text()
    {
        int calls = 0;
        string kept = MarkupTruncation.KeepEnd(new string('x', 1_000_000), end =>
        {
            calls++;
            Assert.True(end.Length <= 256);
            return end.Length <= 100;
        });

        Assert.Equal(100, kept.Length);
        Assert.InRange(calls, 1, 20);
        Assert.Equal("xx", MarkupTruncation.KeepBeginning("xxyy", beginning => !beginning.Contains('y')));
    }
}
