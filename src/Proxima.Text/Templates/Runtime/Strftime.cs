using System.Globalization;
using System.Text;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Dates as C's strftime writes them in the C locale, with glibc's flags <c>- _ 0 ^ #</c>.</summary>
internal static class Strftime
{
    public static string Format(string format, DateTimeOffset time)
    {
        StringBuilder output = new();
        Meter.Step(format.Length);
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                output.Append(format[i]);
                continue;
            }

            int start = i++;
            char flag = '\0';
            while (i < format.Length - 1 && "-_0^#".Contains(format[i], StringComparison.Ordinal))
            {
                flag = format[i++];
            }

            output.Append(Directive(format[i], flag, time) ?? format[start..(i + 1)]);
        }

        return output.ToString();
    }

    private static string? Directive(char letter, char flag, DateTimeOffset time)
    {
        string? text = Number(letter, time) is { } number
            ? Pad(number.Value, number.Width, flag == '\0' ? number.Fill : flag)
            : Text(letter, time);
        return flag is '^' or '#' ? text?.ToUpperInvariant() : text;
    }

    private static (long Value, int Width, char Fill)? Number(char letter, DateTimeOffset time)
    {
        int hour = (time.Hour + 11) % 12 + 1;
        int weekday = (int)time.DayOfWeek;
        int isoWeekday = weekday == 0 ? 7 : weekday;
        return letter switch
        {
            'd' => (time.Day, 2, '0'),
            'e' => (time.Day, 2, '_'),
            'm' => (time.Month, 2, '0'),
            'y' => (time.Year % 100, 2, '0'),
            'Y' => (time.Year, 4, '0'),
            'C' => (time.Year / 100, 2, '0'),
            'H' => (time.Hour, 2, '0'),
            'k' => (time.Hour, 2, '_'),
            'I' => (hour, 2, '0'),
            'l' => (hour, 2, '_'),
            'M' => (time.Minute, 2, '0'),
            'S' => (time.Second, 2, '0'),
            'f' => (time.Ticks / 10 % 1_000_000, 6, '0'),
            'j' => (time.DayOfYear, 3, '0'),
            'w' => (weekday, 1, '0'),
            'u' => (isoWeekday, 1, '0'),
            'U' => ((time.DayOfYear + 6 - weekday) / 7, 2, '0'),
            'W' => ((time.DayOfYear + 6 - (isoWeekday - 1)) / 7, 2, '0'),
            'V' => (ISOWeek.GetWeekOfYear(time.DateTime), 2, '0'),
            'G' => (ISOWeek.GetYear(time.DateTime), 4, '0'),
            'g' => (ISOWeek.GetYear(time.DateTime) % 100, 2, '0'),
            's' => (time.ToUnixTimeSeconds(), 1, '0'),
            _ => null,
        };
    }

    private static string? Text(char letter, DateTimeOffset time)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return letter switch
        {
            'a' => time.ToString("ddd", culture),
            'A' => time.ToString("dddd", culture),
            'b' or 'h' => time.ToString("MMM", culture),
            'B' => time.ToString("MMMM", culture),
            'p' => time.Hour < 12 ? "AM" : "PM",
            'P' => time.Hour < 12 ? "am" : "pm",
            'c' => Format("%a %b %e %H:%M:%S %Y", time),
            'D' or 'x' => Format("%m/%d/%y", time),
            'F' => Format("%Y-%m-%d", time),
            'R' => Format("%H:%M", time),
            'r' => Format("%I:%M:%S %p", time),
            'T' or 'X' => Format("%H:%M:%S", time),

            // The time is one without a zone, as Python's datetime.now() is.
            'z' or 'Z' => string.Empty,
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => null,
        };
    }

    private static string Pad(long value, int width, char fill)
    {
        string digits = value.ToString(CultureInfo.InvariantCulture);
        return fill switch
        {
            '-' => digits,
            '_' => digits.PadLeft(width, ' '),
            _ => digits.PadLeft(width, '0'),
        };
    }
}
