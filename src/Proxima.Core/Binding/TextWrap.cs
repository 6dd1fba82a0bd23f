namespace Proxima.Core.Binding;

/// <summary>Breaks text into lines at spaces.</summary>
public static class TextWrap
{
    /// <summary>The lines of a paragraph; a word longer than a line stands alone.</summary>
    /// <param name="text">one paragraph</param>
    /// <param name="width">characters of a line at most</param>
    public static IReadOnlyList<string> Lines(string text, int width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        return [.. lines, line];
    }
}
