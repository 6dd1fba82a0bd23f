using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.TestSupport;

namespace Proxima.Repository.Tests;

public sealed partial class AlgorithmLinkTests
{
    [Fact]
    public void Every_detail_of_the_algorithm_links_the_line_that_does_it()
    {
        string docs = RepositoryPaths.InRepository("docs");
        Match[] links = [.. CodeLink().Matches(File.ReadAllText(Path.Combine(docs, "algorithm.md"))).Cast<Match>()];
        Assert.True(links.Length >= 60, $"only {links.Length} links were found");
        foreach (Match link in links)
        {
            string code = link.Groups["code"].Value;
            string[] lines = File.ReadAllLines(Path.GetFullPath(Path.Combine(docs, link.Groups["path"].Value)));
            int number = Array.FindIndex(lines, line => line.Contains(code, StringComparison.Ordinal)) + 1;
            Assert.True(number > 0, $"docs/algorithm.md: `{code}` is no longer in {link.Groups["path"].Value}");
            Assert.True(
                link.Groups["line"].Value == number.ToString(CultureInfo.InvariantCulture),
                $"docs/algorithm.md: `{code}` links line {link.Groups["line"].Value} of {link.Groups["path"].Value}, it is line {number}");
        }
    }

    [Fact]
    public void Every_detail_names_its_source_a_line_of_code_and_a_test()
    {
        string text = File.ReadAllText(RepositoryPaths.InRepository("docs", "algorithm.md"));
        string[] details = [.. DetailStart().Split(text).Skip(1)];
        Assert.True(details.Length >= 30, $"only {details.Length} details were found");
        Assert.All(details, detail =>
        {
            Assert.Contains("*Source:*", detail, StringComparison.Ordinal);
            Assert.Contains("](../src/", detail, StringComparison.Ordinal);
            Assert.Contains("](../tests/", detail, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex(@"^\d+\. \*\*", RegexOptions.Multiline)]
    private static partial Regex DetailStart();

    [GeneratedRegex(@"\[`(?<code>[^`]+)`\]\((?<path>\.\./[^)#]+)#L(?<line>\d+)\)")]
    private static partial Regex CodeLink();
}
