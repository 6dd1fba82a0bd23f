using System.Globalization;
using System.Text.Json;

namespace Proxima.Quatrain;

/// <summary>Counts the poems of an evaluation (eval_out-stepN-rankR.jsonl).</summary>
public static class PoemReport
{
    /// <summary>One line: how many poems, which share has the form, which meets all rules, and the first that does.</summary>
    public static string Line(string path, TonalRules rules)
    {
        string[] answers = [.. File.ReadLines(path).Select(Response)];
        (string Text, Quatrain Poem)[] poems = [.. answers.Select(text => (text, Quatrain.Parse(text))).Where(pair => pair.Item2 is not null).Select(pair => (pair.text, pair.Item2!))];
        string[] right = [.. poems.Where(pair => rules.ChecksMet(pair.Poem) == TonalRules.CheckCount).Select(pair => pair.Text)];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(path)}: {answers.Length} poems, form {poems.Length / (double)answers.Length:0.0%}, all rules {right.Length / (double)answers.Length:0.0%}  {right.FirstOrDefault()}");
    }

    private static string Response(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("response").GetString() ?? throw new InvalidDataException($"no response in {line}");
    }
}
