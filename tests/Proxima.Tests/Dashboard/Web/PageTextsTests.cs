using System.Text.RegularExpressions;
using Proxima.Dashboard.Web;
using Proxima.TestSupport;

namespace Proxima.Tests.Dashboard.Web;

public sealed partial class PageTextsTests
{
    private static readonly string Texts = File.ReadAllText(RepositoryPaths.InRepository("src", "Proxima.Dashboard", "Web", "Page", "texts.js"));

    [Fact]
    public void Both_languages_have_the_same_words()
    {
        string[] english = KeysOf("english");

        Assert.True(english.Length > 50, $"only {english.Length} words were found");
        Assert.Equal(english, KeysOf("chinese"));
    }

    [Fact]
    public void Every_light_is_explained_in_the_page_and_in_the_documentation()
    {
        string page = File.ReadAllText(RepositoryPaths.InRepository("docs", "dashboard.md"));
        IReadOnlyList<HealthLight> lights = RunHealth.Examine(new Dictionary<string, MetricSeries>());

        Assert.Equal(lights.Select(light => $"h_{light.Id}").Order(), KeysOf("english").Where(key => key.StartsWith("h_", StringComparison.Ordinal)).Order());
        Assert.Equal(lights.Select(light => light.Id), LightRow().Matches(page).Select(match => match.Groups[1].Value));
    }

    /// <summary>Names of the words of a language, in their order: those that stand at the beginning of a line or behind a comma and a word.</summary>
    private static string[] KeysOf(string language)
    {
        int first = Texts.IndexOf($"const {language} = {{", StringComparison.Ordinal);
        string body = Texts[first..Texts.IndexOf("\n};", first, StringComparison.Ordinal)];
        return [.. Key().Matches(body).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("""(?:^  |", )(\w+): ["\[]""", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex LightRow();
}
