namespace Proxima.Text.Patterns;

/// <summary>
/// Reads the regular expressions of tokenizer files: alternatives, groups, <c>(?i:…)</c>, classes with nesting and
/// <c>&amp;&amp;</c>, repetitions (greedy, lazy, possessive over one class) and look-ahead at one character.
/// Anything else is an error that names the pattern and the place.
/// </summary>
internal sealed class PatternParser
{
    private const int MaxDepth = 100;
    private const int MaxRepetitions = 1000;

    private static readonly CodePointSet NewLine = CodePointSet.Of('\n');

    private readonly PatternReader _reader;
    private readonly CharacterClassParser _classes;
    private bool _ignoreCase;
    private int _depth;

    private PatternParser(string pattern)
    {
        _reader = new PatternReader(pattern);
        _classes = new CharacterClassParser(_reader);
    }

    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        PatternNode node = parser.Choice();
        return parser._reader.AtEnd ? node : throw parser._reader.Error("')' without '('");
    }

    private PatternNode Choice()
    {
        if (++_depth > MaxDepth)
        {
            throw _reader.Error($"more than {MaxDepth} groups in one another");
        }

        bool outerCase = _ignoreCase;
        var branches = new List<PatternNode> { Sequence() };
        while (_reader.Skip("|"))
        {
            branches.Add(Sequence());
        }

        _ignoreCase = outerCase;
        _depth--;
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(branches);
    }

    private PatternNode.Sequence Sequence()
    {
        var parts = new List<PatternNode>();
        while (!_reader.AtEnd && _reader.Peek is not ('|' or ')'))
        {
            if (_reader.Skip("(?i)"))
            {
                // Holds to the end of the group, alternatives included.
                _ignoreCase = true;
                parts.Add(Choice());
                continue;
            }

            parts.Add(Repetition(Atom()));
        }

        return new PatternNode.Sequence(parts);
    }

    private PatternNode Atom()
    {
        if (_reader.Peek == '(')
        {
            return Group();
        }

        if (_reader.Peek == '[')
        {
            return new PatternNode.Character(_classes.Class(_ignoreCase));
        }

        if (_reader.Skip("."))
        {
            return new PatternNode.Character(NewLine.Complement());
        }

        if (_reader.Skip("$"))
        {
            return new PatternNode.NextIsNot(NewLine.Complement());
        }

        if (_reader.Skip("\\z"))
        {
            return new PatternNode.NextIsNot(CodePointSet.All);
        }

        if (_reader.Peek is '^' or '*' or '+' or '?')
        {
            throw _reader.Error($"'{_reader.Peek}' is not supported here");
        }

        return new PatternNode.Character(_classes.Single(_ignoreCase));
    }

    private PatternNode Group()
    {
        _reader.Expect("(");
        if (_reader.Skip("?="))
        {
            return new PatternNode.NextIs(LookedAt());
        }

        if (_reader.Skip("?!"))
        {
            return new PatternNode.NextIsNot(LookedAt());
        }

        bool outerCase = _ignoreCase;
        if (_reader.Skip("?i:"))
        {
            _ignoreCase = true;
        }
        else if (!_reader.Skip("?:") && _reader.Peek == '?')
        {
            throw _reader.Error("this kind of group is not supported");
        }

        PatternNode body = Choice();
        _reader.Expect(")");
        _ignoreCase = outerCase;
        return body;
    }

    private CodePointSet LookedAt()
    {
        PatternNode body = Choice();
        _reader.Expect(")");
        return OneCharacter(body) ?? throw _reader.Error("look-ahead at more than one character is not supported");
    }

    private PatternNode Repetition(PatternNode body)
    {
        while (Bounds() is var (minimum, maximum, possessive))
        {
            body = Repeated(body, minimum, maximum, possessive);
        }

        return body;
    }

    private PatternNode Repeated(PatternNode body, int minimum, int? maximum, char suffix)
    {
        if (minimum > MaxRepetitions || maximum > MaxRepetitions || maximum < minimum)
        {
            throw _reader.Error($"a repetition must have 0 ≤ minimum ≤ maximum ≤ {MaxRepetitions}");
        }

        if (suffix == '?')
        {
            return new PatternNode.Repeat(body, minimum, maximum, RepeatPreference.Lazy);
        }

        var greedy = new PatternNode.Repeat(body, minimum, maximum, RepeatPreference.Greedy);
        if (suffix != '+')
        {
            return greedy;
        }

        CodePointSet set = OneCharacter(body)
            ?? throw _reader.Error("a possessive repetition of more than one character is not supported");
        return Possessive(greedy, set);
    }

    /// <summary>Giving nothing back means: go on only where no further round is possible, or at the maximum.</summary>
    private PatternNode.Sequence Possessive(PatternNode.Repeat greedy, CodePointSet set)
    {
        if (greedy.Maximum is null)
        {
            return new PatternNode.Sequence([greedy, new PatternNode.NextIsNot(set)]);
        }

        if (greedy is { Minimum: 0, Maximum: 1 })
        {
            return new PatternNode.Sequence(
                [new PatternNode.Choice([greedy.Body, new PatternNode.NextIsNot(set)])]);
        }

        throw _reader.Error("a possessive repetition must be ?+, *+ or ++");
    }

    private (int Minimum, int? Maximum, char Suffix)? Bounds()
    {
        (int Minimum, int? Maximum)? bounds = null;
        bool mayBePossessive = true;
        if (_reader.Skip("*"))
        {
            bounds = (0, null);
        }
        else if (_reader.Skip("+"))
        {
            bounds = (1, null);
        }
        else if (_reader.Skip("?"))
        {
            bounds = (0, 1);
        }
        else if (_reader.Peek == '{')
        {
            bounds = Braces();
            mayBePossessive = false;
        }

        if (bounds is not var (minimum, maximum))
        {
            return null;
        }

        char suffix = _reader.Skip("?") ? '?' : mayBePossessive && _reader.Skip("+") ? '+' : '\0';
        return (minimum, maximum, suffix);
    }

    private (int Minimum, int? Maximum) Braces()
    {
        _reader.Expect("{");
        int? minimum = _reader.Number();
        if (_reader.Skip("}") && minimum is int exact)
        {
            return (exact, exact);
        }

        _reader.Expect(",");
        int? maximum = _reader.Number();
        _reader.Expect("}");
        return minimum is null && maximum is null
            ? throw _reader.Error("a repetition in braces needs a number")
            : (minimum ?? 0, maximum);
    }

    /// <summary>The set that a node matches when it always takes exactly one character; else null.</summary>
    private static CodePointSet? OneCharacter(PatternNode node) => node switch
    {
        PatternNode.Character character => character.Set,
        PatternNode.Sequence { Parts: [var only] } => OneCharacter(only),
        PatternNode.Choice choice => choice.Branches.Select(OneCharacter).Aggregate(
            (CodePointSet?)CodePointSet.Empty,
            (union, set) => union is null || set is null ? null : union.Union(set)),
        _ => null,
    };
}
