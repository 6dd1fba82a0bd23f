using System.Diagnostics;
using Proxima.Fuzz.Targets;
using Proxima.TestSupport;

namespace Proxima.Tests.Reliability;

/// <summary>Hostile, broken and merely odd files of every kind: a result, or the error that the reader defines, in time.</summary>
public sealed class FuzzCorpusTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Names => [.. FuzzTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_of_the_corpus_does_no_harm(string name)
    {
        string[] files = Directory.GetFiles(RepositoryPaths.InRepository("tests", "fuzz", name));
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            long started = Stopwatch.GetTimestamp();
            Exception? found = Record.Exception(() => FuzzTargets.All[name](File.ReadAllBytes(file)));
            Assert.True(found is null, $"{Path.GetFileName(file)}: {found}");
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"{Path.GetFileName(file)} took {Stopwatch.GetElapsedTime(started)}");
        }
    }

    [Fact]
    public void Every_corpus_has_a_reader()
    {
        string[] corpora = [.. Directory.GetDirectories(RepositoryPaths.InRepository("tests", "fuzz")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(FuzzTargets.All.Keys, corpora);
    }
}
