using Proxima.Dashboard.Web;

namespace Proxima.Tests.Dashboard.Web;

public sealed class SampleQueryTests
{
    private static readonly SampleRow[] Rows =
    [
        new(0, 0, "reference", "Who?", "nobody", .5f, 2, null, true),
        new(1, 1, "rollout", "Who?", "a DOG", 2f, 9, .25f, true),
        new(2, 1, "rollout", "Why?", "no cat", null, 4, -1f, false),
        new(3, 2, "rollout", "Who?", "a cat", -1f, 4, 3f, true),
    ];

    [Theory]
    [InlineData("step", true, "3 2 1 0")]
    [InlineData("step", false, "0 1 2 3")]
    [InlineData("score", true, "1 0 3 2")]
    [InlineData("score", false, "3 0 1 2")]
    [InlineData("kl", true, "3 1 2 0")]
    [InlineData("length", false, "0 2 3 1")]
    public void Samples_are_sorted_and_those_without_a_number_come_last(string sort, bool isDescending, string expected) =>
        Assert.Equal(expected, Numbers(new SampleQuery("", "", "", 0, int.MaxValue, sort, isDescending)));

    [Theory]
    [InlineData("CAT", "", "", 0, 9, "2 3")]
    [InlineData("who", "", "", 0, 9, "0 1 3")]
    [InlineData("", "reference", "", 0, 9, "0")]
    [InlineData("", "", "Who?", 0, 9, "0 1 3")]
    [InlineData("", "", "", 1, 1, "1 2")]
    [InlineData("cat", "rollout", "Who?", 2, 2, "3")]
    [InlineData("bird", "", "", 0, 9, "")]
    public void Samples_are_filtered(string text, string kind, string prompt, int from, int to, string expected) =>
        Assert.Equal(expected, Numbers(new SampleQuery(text, kind, prompt, from, to, "step", false)));

    private static string Numbers(SampleQuery query) => string.Join(' ', query.Select(Rows).Select(row => row.Number));
}
