using System.Globalization;
using System.Text;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Syntax;

/// <summary>The content of a string literal with its escapes resolved, as Python's unicode-escape does it.</summary>
internal static class StringLiteral
{
    public static string Decode(string content, int line)
    {
        if (!content.Contains('\\', StringComparison.Ordinal))
        {
            return content;
        }

        StringBuilder output = new(content.Length);
        for (int i = 0; i < content.Length; i++)
        {
            if (content[i] != '\\')
            {
                output.Append(content[i]);
            }
            else
            {
                i = Escape(content, i + 1, output, line);
            }
        }

        return output.ToString();
    }

    /// <summary>Resolves the escape whose letter is at an index; gives the index of its last character.</summary>
    private static int Escape(string content, int at, StringBuilder output, int line)
    {
        char letter = content[at];
        switch (letter)
        {
            case '\n':
                return at;
            case '\\' or '\'' or '"':
                output.Append(letter);
                return at;
            case >= '0' and <= '7':
                return Octal(content, at, output);
            case 'x':
                return Hexadecimal(content, at, 2, output, line);
            case 'u':
                return Hexadecimal(content, at, 4, output, line);
            case 'U':
                return Hexadecimal(content, at, 8, output, line);
            case 'N':
                throw TemplateException.Syntax("characters by name (\\N) are not to be had in a template", line);
        }

        int plain = "abfnrtv".IndexOf(letter, StringComparison.Ordinal);
        if (plain >= 0)
        {
            output.Append("\a\b\f\n\r\t\v"[plain]);
            return at;
        }

        // An unknown escape stays as it stands; a character beyond ASCII is spelled out, as the literal was by then.
        int point = CodePoints.At(content, at);
        output.Append('\\').Append(point switch
        {
            < 0x80 => letter.ToString(),
            <= 0xFF => $"x{point:x2}",
            <= 0xFFFF => $"u{point:x4}",
            _ => $"U{point:x8}",
        });
        return point > char.MaxValue ? at + 1 : at;
    }

    private static int Octal(string content, int at, StringBuilder output)
    {
        int value = 0;
        int i = at;
        for (; i < content.Length && i < at + 3 && content[i] is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + content[i] - '0';
        }

        output.Append((char)value);
        return i - 1;
    }

    private static int Hexadecimal(string content, int at, int digits, StringBuilder output, int line)
    {
        int start = at + 1;
        if (start + digits > content.Length
            || !uint.TryParse(content.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            || value > 0x10FFFF)
        {
            throw TemplateException.Syntax($"truncated or illegal \\{content[at]} escape in a string", line);
        }

        CodePoints.Append(output, (int)value);
        return start + digits - 1;
    }
}
