namespace Proxima.Quatrain;

/// <summary>A poem of four lines of five characters, written as one text with the marks ，。，。 behind the lines.</summary>
public sealed class Quatrain
{
    private const int Lines = 4;
    private const int LineLength = 5;
    private const string Marks = "，。，。";

    private readonly string _text;

    private Quatrain(string text)
    {
        _text = text;
    }

    /// <summary>The 20 characters of the poem without the marks.</summary>
    public IEnumerable<char> Characters => _text.Where(char.IsLetter);

    /// <summary>A character by line and place, both from 1.</summary>
    public char this[int line, int place] => _text[((line - 1) * (LineLength + 1)) + place - 1];

    /// <summary>Reads a text; null when it has another form.</summary>
    public static Quatrain? Parse(string text) =>
        text.Length == Lines * (LineLength + 1) && text.Select((character, i) => FitsAt(character, i)).All(fits => fits) ? new Quatrain(text) : null;

    private static bool FitsAt(char character, int place)
    {
        (int line, int column) = Math.DivRem(place, LineLength + 1);
        return column == LineLength ? character == Marks[line] : char.IsLetter(character);
    }
}
