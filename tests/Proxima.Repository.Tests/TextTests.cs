using System.Text.RegularExpressions;

namespace Proxima.Repository.Tests;

/// <summary>What no text of the repository may hold.</summary>
public sealed partial class TextTests
{
    private static readonly string[] Endings = [".cs", ".md", ".sh", ".json", ".jsonl", ".props", ".targets", ".csproj", ".slnx", ".txt", ".editorconfig", "run"];

    [Fact]
    public void No_text_holds_a_path_of_somebodys_machine()
    {
        Assert.All(RepositoryFiles.WithEnding(Endings), file =>
        {
            Match match = MachinePath().Match(File.ReadAllText(file));
            Assert.False(match.Success, $"{RepositoryFiles.Relative(file)} holds {match.Value}");
        });
    }

    [Fact]
    public void Nothing_is_left_to_be_done_later()
    {
        Assert.All(RepositoryFiles.WithEnding(".cs", ".sh"), file =>
            Assert.False(Unfinished().IsMatch(File.ReadAllText(file)), RepositoryFiles.Relative(file)));
    }

    // The letter classes keep these patterns from matching themselves.
    [GeneratedRegex(@"(?<![\w.])/(roo[t]|hom[e]/\w+|wor[k]|Use[r]s/\w+)/|[A-Z]:\\Use[r]s")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(TOD[O]|FIXM[E]|HAC[K])\b|NotImplementedExceptio[n]")]
    private static partial Regex Unfinished();
}
