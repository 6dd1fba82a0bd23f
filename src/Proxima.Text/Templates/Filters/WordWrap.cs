using System.Text.RegularExpressions;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Lines broken at a width, as Python's textwrap breaks them.</summary>
internal static partial class WordWrap
{
    public static object? Filter(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        int width = bound.Int(0, 79);
        bool breaksWords = !bound.IsGiven(1) || bound.Flag(1);
        bool breaksAtHyphens = !bound.IsGiven(3) || bound.Flag(3);
        string newline = bound.OptionalText(2) ?? "\n";
        if (width <= 0)
        {
            throw TemplateException.Runtime($"invalid width {width} (must be > 0)");
        }

        string source = value is Undefined undefined ? throw undefined.Failure() : PyConvert.ToText(value);
        IEnumerable<string> paragraphs = SplitMethods.Lines(source)
            .Select(line => string.Join(newline, Wrap(Chunks(line.Text, breaksAtHyphens), width, breaksWords)));
        string text = string.Join(newline, paragraphs);
        Meter.Allocate(text.Length);
        return text;
    }

    private static Stack<string> Chunks(string line, bool breaksAtHyphens)
    {
        Regex pattern = breaksAtHyphens ? WordsAndHyphens() : Words();
        Meter.Allocate(line.Length);
        return new Stack<string>(pattern.Matches(line).Select(match => match.Value).Reverse());
    }

    private static List<string> Wrap(Stack<string> chunks, int width, bool breaksWords)
    {
        List<string> lines = [];
        while (chunks.Count > 0)
        {
            List<string> line = [];
            int length = 0;
            if (lines.Count > 0 && string.IsNullOrWhiteSpace(chunks.Peek()))
            {
                chunks.Pop();
            }

            while (chunks.Count > 0 && length + CodePoints.Length(chunks.Peek()) <= width)
            {
                length += CodePoints.Length(chunks.Peek());
                line.Add(chunks.Pop());
            }

            if (chunks.Count > 0 && CodePoints.Length(chunks.Peek()) > width)
            {
                TakeLongWord(chunks, line, width - length, breaksWords);
            }

            if (line.Count > 0 && string.IsNullOrWhiteSpace(line[^1]))
            {
                line.RemoveAt(line.Count - 1);
            }

            if (line.Count > 0)
            {
                lines.Add(string.Concat(line));
            }
        }

        return lines;
    }

    private static void TakeLongWord(Stack<string> chunks, List<string> line, int room, bool breaksWords)
    {
        string word = chunks.Peek();
        if (!breaksWords)
        {
            if (line.Count == 0)
            {
                line.Add(chunks.Pop());
            }

            return;
        }

        int end = CodePoints.IndexOf(word, Math.Max(room, line.Count == 0 ? 1 : 0));
        Meter.Allocate(word.Length);
        chunks.Pop();
        chunks.Push(word[end..]);
        if (end > 0)
        {
            line.Add(word[..end]);
        }
    }

    [GeneratedRegex(@"[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    // A word may be broken behind a hyphen between letters.
    [GeneratedRegex(@"[\t\n\v\f\r ]+|[^\t\n\v\f\r ]*?[\p{L}_]-(?=[\p{L}_][\p{L}_])|[^\t\n\v\f\r ]+", RegexOptions.CultureInvariant)]
    private static partial Regex WordsAndHyphens();
}
