using System.Globalization;
using System.Text;
using Proxima.Core;

namespace Proxima.Text.Patterns;

/// <summary>The characters of a pattern, read from front to back, and the errors that name a place in it.</summary>
internal sealed class PatternReader
{
    private readonly string _pattern;
    private int _at;

    public PatternReader(string pattern)
    {
        _pattern = pattern;
    }

    public bool AtEnd => _at >= _pattern.Length;

    /// <summary>The next UTF-16 unit, or NUL at the end.</summary>
    public char Peek => AtEnd ? '\0' : _pattern[_at];

    public bool StartsWith(string text) =>
        string.CompareOrdinal(_pattern, _at, text, 0, text.Length) == 0;

    public bool Skip(string text)
    {
        if (!StartsWith(text))
        {
            return false;
        }

        _at += text.Length;
        return true;
    }

    public void Expect(string text)
    {
        if (!Skip(text))
        {
            throw Error($"'{text}' expected");
        }
    }

    /// <summary>The next code point.</summary>
    public int Next()
    {
        if (AtEnd)
        {
            throw Error("the pattern ends too early");
        }

        if (!Rune.TryGetRuneAt(_pattern, _at, out Rune rune))
        {
            throw Error("half of a surrogate pair");
        }

        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>Everything up to <paramref name="end"/>, which is skipped too.</summary>
    public string Until(char end)
    {
        int found = _pattern.IndexOf(end, _at);
        if (found < 0)
        {
            throw Error($"'{end}' expected");
        }

        string text = _pattern[_at..found];
        _at = found + 1;
        return text;
    }

    /// <summary>A decimal number, or null when no digit comes next.</summary>
    public int? Number()
    {
        int start = _at;
        while (char.IsAsciiDigit(Peek))
        {
            _at++;
        }

        if (start == _at)
        {
            return null;
        }

        return int.TryParse(_pattern.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw Error("a number that is too large");
    }

    /// <summary>A code point of exactly <paramref name="digits"/> hexadecimal digits.</summary>
    public int HexDigits(int digits)
    {
        int length = Math.Min(digits, _pattern.Length - _at);
        int value = Hex(_pattern.Substring(_at, length));
        _at += length;
        return value;
    }

    public int Hex(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
        && Rune.IsValid(value)
            ? value
            : throw Error($"'{digits}' is no hexadecimal code point");

    /// <summary>Goes back to a place given by <see cref="Position"/>.</summary>
    public void Rewind(int position) => _at = position;

    public int Position => _at;

    public ProximaException Error(string what) => new(
        ExitCode.Data,
        $"pattern \"{_pattern}\", position {_at}: {what}. Expected a regular expression of the kinds that tokenizers use "
        + "(classes, groups, repetitions, one-character look-ahead).");
}
