using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods that bring a string to a width.</summary>
internal static class PaddingMethods
{
    public static object? Center(string text, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("center", 1, "width", "fillchar");
        return Center(text, PyConvert.ToInt(bound[0]), Fill(bound));
    }

    /// <summary>The odd space stands on the left when the width is odd.</summary>
    public static string Center(string text, int width, string fill = " ")
    {
        int missing = width - CodePoints.Length(text);
        int left = missing <= 0 ? 0 : (missing / 2) + (missing & width & 1);
        return Repeat(fill, left) + text + Repeat(fill, missing - left);
    }

    public static object? LeftJustify(string text, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("ljust", 1, "width", "fillchar");
        return text + Repeat(Fill(bound), PyConvert.ToInt(bound[0]) - CodePoints.Length(text));
    }

    public static object? RightJustify(string text, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("rjust", 1, "width", "fillchar");
        return Repeat(Fill(bound), PyConvert.ToInt(bound[0]) - CodePoints.Length(text)) + text;
    }

    public static object? ZeroFill(string text, Arguments arguments)
    {
        int width = PyConvert.ToInt(arguments.Bind("zfill", 1, "width")[0]);
        int sign = text.StartsWith('+') || text.StartsWith('-') ? 1 : 0;
        return text[..sign] + Repeat("0", width - CodePoints.Length(text)) + text[sign..];
    }

    public static object? ExpandTabs(string text, Arguments arguments)
    {
        int size = arguments.Bind("expandtabs", 0, "tabsize").Int(0, 8);
        StringBuilder output = new();
        int column = 0;
        foreach (int point in CodePoints.ToArray(text))
        {
            if (point == '\t')
            {
                int spaces = size > 0 ? size - (column % size) : 0;
                output.Append(Repeat(" ", spaces));
                column += spaces;
            }
            else
            {
                CodePoints.Append(output, point);
                column = point is '\n' or '\r' ? 0 : column + 1;
            }
        }

        return output.ToString();
    }

    private static string Repeat(string fill, int count)
    {
        Meter.Allocate(Math.Max(0, count));
        return string.Concat(Enumerable.Repeat(fill, Math.Max(0, count)));
    }

    private static string Fill(BoundArguments bound)
    {
        string fill = bound.OptionalText(1) ?? " ";
        return CodePoints.Length(fill) == 1
            ? fill
            : throw TemplateException.Runtime("The fill character must be exactly one character long");
    }
}
