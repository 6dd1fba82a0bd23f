namespace Proxima.Quatrain;

/// <summary>The tonal rules of regulated verse (近体诗), as ten checks of a quatrain.</summary>
public sealed class TonalRules
{
    /// <summary>How many checks there are.</summary>
    public const int CheckCount = 10;

    private const string Level = "P";

    private readonly IReadOnlyDictionary<char, bool> _isLevel;

    /// <param name="isLevel">character → level tone (平); false: oblique (仄)</param>
    public TonalRules(IReadOnlyDictionary<char, bool> isLevel)
    {
        _isLevel = isLevel;
    }

    /// <summary>Reads lines of a character, a tab and P (level) or Z (oblique); what follows is not looked at.</summary>
    public static TonalRules Load(string path) =>
        new(File.ReadLines(path).Select(line => line.Split('\t')).ToDictionary(fields => fields[0][0], fields => fields[1] == Level));

    /// <summary>
    /// Checks that a poem meets, of <see cref="CheckCount"/>: characters 2 and 4 of a line differ in tone (4 checks); character 2 differs within
    /// lines 1 and 2 and within 3 and 4 (对, 2); it agrees between lines 2 and 3 (粘, 1); lines 2 and 4 end level (2), line 3 oblique (1).
    /// A character of unknown tone fails its checks.
    /// </summary>
    public int ChecksMet(Quatrain poem)
    {
        bool?[] checks =
        [
            .. Enumerable.Range(1, 4).Select(line => Differ(poem[line, 2], poem[line, 4])),
            Differ(poem[1, 2], poem[2, 2]),
            Differ(poem[3, 2], poem[4, 2]),
            !Differ(poem[2, 2], poem[3, 2]),
            ToneOf(poem[2, 5]),
            ToneOf(poem[4, 5]),
            !ToneOf(poem[3, 5]),
        ];
        return checks.Count(check => check == true);
    }

    private bool? Differ(char first, char second) => ToneOf(first) is bool a && ToneOf(second) is bool b ? a != b : null;

    private bool? ToneOf(char character) => _isLevel.TryGetValue(character, out bool isLevel) ? isLevel : null;
}
