using Proxima.Data.Dialogues;
using Proxima.Quatrain;
using Proxima.TestSupport;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Samples;

/// <summary>The rewards of samples/Proxima.Quatrain on poems whose checks were counted by hand.</summary>
public sealed class QuatrainTests
{
    // Tones of a perfect poem (仄仄平平仄，平平仄仄平。平平平仄仄，仄仄仄平平。) with letters for characters: small ones oblique, capitals level.
    private const string Perfect = "abCDe，FGhiJ。KLMno，pqrST。";

    private static readonly Lazy<TonalRules> Rules = new(() => new TonalRules(
        Enumerable.Range('a', 26).Select(c => (Key: (char)c, Level: false)).Concat(Enumerable.Range('A', 26).Select(c => (Key: (char)c, Level: true)))
            .ToDictionary(pair => pair.Key, pair => pair.Level)));

    [Theory]
    [InlineData(Perfect, 1.0, 1.0)]
    [InlineData("abCde，FGhiJ。KLMno，pqrST。", 0.9, 0)] // line 1: characters 2 and 4 agree
    [InlineData("aBCde，FGhiJ。KLMno，pqrST。", 0.9, 0)] // character 2 agrees within lines 1 and 2
    [InlineData("abCDe，FghIJ。KLMno，pqrST。", 0.8, 0)] // 对 of lines 1 and 2 and 粘 of lines 2 and 3 are lost
    [InlineData("abCDe，FGhij。KLMno，pqrST。", 0.9, 0)] // line 2 ends oblique
    [InlineData("abCDe，FGhiJ。KLMnO，pqrSt。", 0.8, 0)] // line 3 ends level, line 4 oblique
    [InlineData("abCDe，FGhiJ。KLMno，pqrSJ。", 0.95, 1.0)] // one character twice
    [InlineData("abCDa，FGhiJ。KLMna，aqrSJ。", 0.8, 1.0)] // one twice more than once and one twice: four repetitions
    [InlineData("ab*De，FGhiJ。KLMno，pqrST。", 0, 0)]
    [InlineData("abCDe，FGhiJ。KLMno，pqrST", 0, 0)]
    [InlineData("abCDe。FGhiJ。KLMno，pqrST。", 0, 0)]
    [InlineData("abCDe，FGhiJ。KLMno，pqrST。x", 0, 0)]
    [InlineData("", 0, 0)]
    public void Form_tones_and_repetitions_count_as_the_rules_say(string poem, double reward, double allRules)
    {
        ScoredAnswer answer = new(new Dialogue { Src = ["a"], Tgt = [] }, poem, poem.Length);

        Assert.Equal(reward, new QuatrainReward(Rules).Score(answer), 1e-9);
        Assert.Equal(allRules, new AllRulesReward(Rules).Score(answer));
    }

    [Fact]
    public void A_character_of_unknown_tone_fails_its_checks()
    {
        TonalRules rules = new(new Dictionary<char, bool>());

        Assert.Equal(0, rules.ChecksMet(Proxima.Quatrain.Quatrain.Parse(Perfect)!));
    }

    [Fact]
    public void The_tones_that_ship_know_every_character_of_the_poems_that_ship()
    {
        string[] known = [.. File.ReadLines(RepositoryPaths.InRepository("data", "quatrain", "tones.tsv")).Select(line => line[..1])];
        string[] used = [.. File.ReadLines(RepositoryPaths.InRepository("data", "quatrain", "wujue.txt")).SelectMany(poem => poem).Where(char.IsLetter).Select(c => $"{c}").Distinct()];

        Assert.Empty(used.Except(known));
        TonalRules rules = TonalRules.Load(RepositoryPaths.InRepository("data", "quatrain", "tones.tsv"));

        // 白日依山盡，黃河入海流。欲窮千里目，更上一層樓。: a poem that keeps all rules.
        Assert.Equal(10, rules.ChecksMet(Proxima.Quatrain.Quatrain.Parse("白日依山盡，黃河入海流。欲窮千里目，更上一層樓。")!));
    }
}
