namespace Proxima.Text.Patterns;

/// <summary>Reads bracket classes, escapes and single characters of a pattern.</summary>
internal sealed class CharacterClassParser
{
    private const int MaxDepth = 50;
    private const int MaxFoldedRange = 0x4000;

    private readonly PatternReader _reader;
    private int _depth;

    public CharacterClassParser(PatternReader reader)
    {
        _reader = reader;
    }

    /// <summary>One character outside brackets: a literal or an escape.</summary>
    public CodePointSet Single(bool ignoreCase)
    {
        if (_reader.Peek != '\\')
        {
            return Folded(CodePointSet.Of(_reader.Next()), ignoreCase);
        }

        return EscapedSet() ?? Folded(CodePointSet.Of(EscapedCharacter()), ignoreCase);
    }

    /// <summary>A class in brackets; may hold further classes and intersections.</summary>
    public CodePointSet Class(bool ignoreCase)
    {
        if (++_depth > MaxDepth)
        {
            throw _reader.Error($"more than {MaxDepth} classes in one another");
        }

        _reader.Expect("[");
        bool negated = _reader.Skip("^");
        CodePointSet? intersection = null;
        CodePointSet current = CodePointSet.Empty;
        bool first = true;
        while (first || _reader.Peek != ']')
        {
            if (_reader.Skip("&&"))
            {
                intersection = intersection?.Intersect(current) ?? current;
                current = CodePointSet.Empty;
            }
            else
            {
                current = current.Union(Member(ignoreCase));
            }

            first = false;
        }

        _reader.Expect("]");
        _depth--;
        CodePointSet set = intersection?.Intersect(current) ?? current;
        return negated ? set.Complement() : set;
    }

    private CodePointSet Member(bool ignoreCase)
    {
        if (_reader.StartsWith("[:"))
        {
            throw _reader.Error("POSIX classes such as [:alpha:] are not supported");
        }

        if (_reader.Peek == '[')
        {
            return Class(ignoreCase);
        }

        if (_reader.Peek == '\\' && EscapedSet() is CodePointSet set)
        {
            return set;
        }

        int first = Character();
        int position = _reader.Position;
        if (!_reader.Skip("-") || _reader.Peek is ']' or '[')
        {
            _reader.Rewind(position);
            return Folded(CodePointSet.Of(first), ignoreCase);
        }

        int last = Character();
        return last >= first
            ? Folded(CodePointSet.OfRanges([new CodePointRange(first, last)]), ignoreCase)
            : throw _reader.Error("a range whose end comes before its start");
    }

    private int Character() => _reader.Peek == '\\' ? EscapedCharacter() : _reader.Next();

    /// <summary>\p{…}, \s, \d, \w and their negations; null (and nothing read) when the escape is one character.</summary>
    private CodePointSet? EscapedSet()
    {
        int position = _reader.Position;
        _reader.Expect("\\");
        int letter = _reader.Next();
        switch (letter)
        {
            case 'p' or 'P':
                return Property(negated: letter == 'P');
            case 's':
                return UnicodeClasses.Space;
            case 'S':
                return UnicodeClasses.Space.Complement();
            case 'd':
                return UnicodeClasses.Digit;
            case 'D':
                return UnicodeClasses.Digit.Complement();
            case 'w':
                return UnicodeClasses.PatternWord;
            case 'W':
                return UnicodeClasses.PatternWord.Complement();
            default:
                _reader.Rewind(position);
                return null;
        }
    }

    private CodePointSet Property(bool negated)
    {
        string name = _reader.Skip("{") ? _reader.Until('}') : char.ConvertFromUtf32(_reader.Next());
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        CodePointSet set = UnicodeClasses.Category(name)
            ?? throw _reader.Error($"the class \\p{{{name}}} is not known (general categories such as L, Lu or Nd are)");
        return negated ? set.Complement() : set;
    }

    private int EscapedCharacter()
    {
        _reader.Expect("\\");
        int letter = _reader.Next();
        return letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => 0x1B,
            'x' => _reader.Skip("{") ? _reader.Hex(_reader.Until('}')) : _reader.HexDigits(2),
            'u' => _reader.HexDigits(4),
            _ when letter < 128 && char.IsAsciiLetterOrDigit((char)letter) =>
                throw _reader.Error($"the escape \\{(char)letter} is not supported"),
            _ => letter,
        };
    }

    private static CodePointSet Folded(CodePointSet set, bool ignoreCase)
    {
        if (!ignoreCase)
        {
            return set;
        }

        var folded = new List<CodePointRange>(set.Ranges);
        foreach (CodePointRange range in set.Ranges)
        {
            // A larger range holds its own case pairs as good as always; walking it would only cost time.
            for (int c = range.First; c <= range.Last && c - range.First < MaxFoldedRange; c++)
            {
                folded.AddRange(UnicodeClasses.CaseVariants(c).Ranges);
            }
        }

        return CodePointSet.OfRanges(folded);
    }
}
