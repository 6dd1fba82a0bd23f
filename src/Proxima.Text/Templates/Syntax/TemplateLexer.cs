using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Syntax;

/// <summary>
/// A template cut into tokens, white space around tags settled: a newline behind a tag goes (trim_blocks), blanks before a
/// tag that begins its line go (lstrip_blocks), <c>-</c> takes all white space, <c>+</c> keeps it.
/// </summary>
internal sealed partial class TemplateLexer
{
    // Longer operators first.
    private static readonly string[] Operators =
    [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private bool _lineStarts = true;

    private TemplateLexer(string source)
    {
        _source = source;
    }

    /// <exception cref="TemplateException">the text is no template</exception>
    public static IReadOnlyList<Token> Read(string template)
    {
        string source = template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        source = source.EndsWith('\n') ? source[..^1] : source;
        TemplateLexer lexer = new(source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (_at < _source.Length)
        {
            int begin = NextTag(_at);
            if (begin < 0)
            {
                AddData(_source[_at..]);
                _at = _source.Length;
                break;
            }

            char kind = _source[begin + 1];
            Match raw = RawBegin().Match(_source, begin);
            int mark = begin + 2;
            if (raw.Success)
            {
                AddData(StripBefore(_source[_at..begin], raw.Groups["sign"].Value, isPrint: false));
                Advance(raw.Index + raw.Length);
                ReadRaw();
                continue;
            }

            string sign = mark < _source.Length && _source[mark] is ('-' or '+') ? _source[mark].ToString() : string.Empty;
            AddData(StripBefore(_source[_at..begin], sign, isPrint: kind == '{'));
            Advance(mark + sign.Length);
            switch (kind)
            {
                case '#':
                    ReadComment();
                    break;
                case '{':
                    ReadTag(TokenKind.PrintBegin, TokenKind.PrintEnd);
                    break;
                default:
                    ReadTag(TokenKind.TagBegin, TokenKind.TagEnd);
                    break;
            }
        }

        Add(TokenKind.End, string.Empty);
    }

    private int NextTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private string StripBefore(string text, string sign, bool isPrint)
    {
        if (sign == "-")
        {
            return StripMethods.Strip(text, null, Side.Right);
        }

        if (sign == "+" || isPrint)
        {
            return text;
        }

        int lineStart = text.LastIndexOf('\n') + 1;
        bool isBlank = lineStart < text.Length && text.Skip(lineStart).All(c => CharacterClasses.IsSpace(c));
        return isBlank && (lineStart > 0 || _lineStarts) ? text[..lineStart] : text;
    }

    private void ReadComment()
    {
        if (_at >= _source.Length)
        {
            return;
        }

        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw TemplateException.Syntax("Missing end of comment tag", _line);
        }

        char before = end > _at ? _source[end - 1] : ' ';
        Advance(AfterTag(end + 2, before, "#}"));
    }

    private void ReadRaw()
    {
        if (_at >= _source.Length)
        {
            return;
        }

        Match end = RawEnd().Match(_source, _at);
        if (!end.Success)
        {
            throw TemplateException.Syntax("Missing end of raw directive", _line);
        }

        AddData(StripBefore(_source[_at..end.Index], end.Groups["begin"].Value, isPrint: false));
        Advance(AfterTag(end.Index + end.Length, end.Groups["end"].Length > 0 ? end.Groups["end"].Value[0] : ' ', "%}"));
    }

    /// <summary>Where the text goes on behind a tag.</summary>
    private int AfterTag(int end, char sign, string closing)
    {
        if (sign == '-')
        {
            while (end < _source.Length && CharacterClasses.IsSpace(_source[end]))
            {
                end++;
            }
        }
        else if (closing != "}}" && sign != '+' && end < _source.Length && _source[end] == '\n')
        {
            end++;
        }

        return end;
    }

    private void ReadTag(TokenKind begin, TokenKind end)
    {
        string closing = begin == TokenKind.PrintBegin ? "}}" : "%}";
        Stack<char> open = new();
        Add(begin, string.Empty);
        while (_at < _source.Length)
        {
            if (open.Count == 0 && TryClose(closing, end))
            {
                return;
            }

            if (CharacterClasses.IsSpace(_source[_at]))
            {
                Advance(_at + 1);
                continue;
            }

            ReadToken(open);
        }
    }

    private bool TryClose(string closing, TokenKind kind)
    {
        char sign = _source[_at] is '-' || (_source[_at] is '+' && closing == "%}") ? _source[_at] : ' ';
        int mark = sign == ' ' ? _at : _at + 1;
        if (string.CompareOrdinal(_source, mark, closing, 0, closing.Length) != 0)
        {
            return false;
        }

        Add(kind, string.Empty);
        Advance(AfterTag(mark + closing.Length, sign, closing));
        return true;
    }

    private void ReadToken(Stack<char> open)
    {
        Meter.Step();
        if (Float().Match(_source, _at) is { Success: true } real)
        {
            string digits = real.Value.Replace("_", string.Empty, StringComparison.Ordinal);
            Add(TokenKind.Float, real.Value, double.Parse(digits, CultureInfo.InvariantCulture));
            Advance(_at + real.Length);
        }
        else if (Integer().Match(_source, _at) is { Success: true } integer)
        {
            Add(TokenKind.Integer, integer.Value, ParseInteger(integer.Value.Replace("_", string.Empty, StringComparison.Ordinal)));
            Advance(_at + integer.Length);
        }
        else if (Identifiers.LengthAt(_source, _at) is var length and > 0)
        {
            Add(TokenKind.Name, _source.Substring(_at, length));
            Advance(_at + length);
        }
        else if (_source[_at] is '"' or '\'')
        {
            ReadString();
        }
        else
        {
            ReadOperator(open);
        }
    }

    private BigInteger ParseInteger(string digits)
    {
        if (digits.Length > 5000)
        {
            throw TemplateException.Syntax("an integer with more digits than a template needs", _line);
        }

        int numberBase = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        return numberBase == 10
            ? BigInteger.Parse(digits, CultureInfo.InvariantCulture)
            : digits[2..].Aggregate(BigInteger.Zero, (value, digit) => (value * numberBase) + Convert.ToInt32(digit.ToString(), 16));
    }

    private void ReadString()
    {
        char quote = _source[_at];
        int end = _at + 1;
        while (end < _source.Length && _source[end] != quote)
        {
            end += _source[end] == '\\' ? 2 : 1;
        }

        if (end >= _source.Length)
        {
            throw TemplateException.Syntax($"unexpected char '{quote}' at {_at}: the string has no end", _line);
        }

        string content = _source[(_at + 1)..end];
        Add(TokenKind.String, StringLiteral.Decode(content, _line));
        Advance(end + 1);
    }

    private void ReadOperator(Stack<char> open)
    {
        string text = Array.Find(Operators, candidate => string.CompareOrdinal(_source, _at, candidate, 0, candidate.Length) == 0)
            ?? throw TemplateException.Syntax($"unexpected char '{_source[_at]}' at {_at}", _line);
        switch (text)
        {
            case "{" or "(" or "[":
                open.Push(text == "{" ? '}' : text == "(" ? ')' : ']');
                break;
            case "}" or ")" or "]":
                if (!open.TryPop(out char expected) || expected != text[0])
                {
                    throw TemplateException.Syntax($"unexpected '{text}'", _line);
                }

                break;
        }

        Add(TokenKind.Operator, text);
        Advance(_at + text.Length);
    }

    private void Advance(int to)
    {
        _line += _source.AsSpan(_at, to - _at).Count('\n');
        _lineStarts = to > 0 ? _source[to - 1] == '\n' : _lineStarts;
        _at = to;
    }

    private void AddData(string text)
    {
        if (text.Length > 0)
        {
            Add(TokenKind.Data, text);
        }
    }

    private void Add(TokenKind kind, string text, object? value = null) => _tokens.Add(new Token(kind, text, value, _line));

    [GeneratedRegex(@"\G\{%(?<sign>[-+]?)[\s\x1c-\x1f]*raw[\s\x1c-\x1f]*(?:-%\}[\s\x1c-\x1f]*|%\})", RegexOptions.CultureInvariant)]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%(?<begin>[-+]?)[\s\x1c-\x1f]*endraw[\s\x1c-\x1f]*(?<end>[-+]?)%\}", RegexOptions.CultureInvariant)]
    private static partial Regex RawEnd();

    [GeneratedRegex(@"\G(?<!\.)(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?[eE][+\-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"\G(?:0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();
}
