namespace Proxima.Text.Patterns;

/// <summary>
/// A regular expression as a table of states, made when a tokenizer is loaded: it finds what a backtracking engine
/// would find (the first alternative wins) in one pass over code points, and never backtracks.
/// Immutable, so any number of threads may use one.
/// </summary>
internal sealed class Pattern
{
    private readonly CharacterClassMap _classes;
    private readonly int[] _transitions;
    private readonly int _stride;

    private Pattern(CharacterClassMap classes, int[] transitions)
    {
        _classes = classes;
        _transitions = transitions;
        _stride = classes.Count + 1;
    }

    /// <summary>Reads a regular expression.</summary>
    /// <exception cref="Core.ProximaException">It is malformed, of an unsupported kind or too large.</exception>
    public static Pattern Compile(string pattern)
    {
        PatternProgram program = PatternProgram.Compile(pattern);
        var classes = new CharacterClassMap(program.Sets);
        return new Pattern(classes, new PatternTableBuilder(pattern, program, classes).Build());
    }

    /// <summary>The first match at or after <paramref name="from"/>, which may be empty: its start and its end, or null.</summary>
    public (int Start, int End)? Find(ReadOnlySpan<char> text, int from)
    {
        for (int start = from; start <= text.Length;)
        {
            int end = MatchEnd(text, start);
            if (end >= 0)
            {
                return (start, end);
            }

            start += UnitsAt(text, start);
        }

        return null;
    }

    /// <summary>UTF-16 units of the character at a place; 1 at the end and for half of a surrogate pair.</summary>
    public static int UnitsAt(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    /// <summary>The end of the match that starts at <paramref name="start"/>, or -1.</summary>
    private int MatchEnd(ReadOnlySpan<char> text, int start)
    {
        int[] transitions = _transitions;
        int state = PatternTableBuilder.StartState;
        int end = -1;
        int at = start;
        while (true)
        {
            int units = 1;
            int characterClass;
            if (at >= text.Length)
            {
                characterClass = _stride - 1;
            }
            else
            {
                int codePoint = text[at];
                if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                {
                    codePoint = char.ConvertToUtf32(text[at], text[at + 1]);
                    units = 2;
                }

                characterClass = _classes[codePoint];
            }

            int transition = transitions[(state * _stride) + characterClass];
            if ((transition & PatternTableBuilder.MatchFlag) != 0)
            {
                end = at;
            }

            state = transition >> 1;
            if (state == PatternTableBuilder.DeadState)
            {
                return end;
            }

            at += units;
        }
    }
}
