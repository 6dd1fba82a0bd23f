using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Text;
using Proxima.Text.Templates;

namespace Proxima.Cli.Doctor;

/// <summary>How text becomes tokens in a model folder, and what ends a response.</summary>
internal static class TextReport
{
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "tokenizer.model"];

    private static readonly Dialogue Example = new()
    {
        Src = ["Hello! Who are you?", "Tell me a story."],
        Tgt = ["A friend who tells stories."],
    };

    /// <summary>The lines of the report.</summary>
    /// <exception cref="Core.ProximaException">a file cannot be used</exception>
    public static IEnumerable<string> Lines(string folder, ModelConfig config)
    {
        if (!TokenizerFiles.Any(name => File.Exists(Path.Combine(folder, name))))
        {
            yield return $"  stop ids       {string.Join(", ", config.EosTokenIds.Order())}";
            yield return "  tokenizer      none: neither tokenizer.json nor tokenizer.model; a run needs one";
            yield break;
        }

        Tokenizer tokenizer = Tokenizer.Load(folder);
        ChatTemplate? template = ChatTemplate.Load(folder);
        DialogueEncoder encoder = DialogueEncoder.Create(tokenizer, template, ReplyEnding.None);
        int[] ids = encoder.EncodePrompt(Example, config.MaxPositions).Ids;
        yield return $"  tokenizer      {tokenizer.Kind}, {tokenizer.VocabularySize} tokens";
        yield return $"  special ids    bos {Describe(tokenizer, tokenizer.BosId)}, eos {Describe(tokenizer, tokenizer.EosId)}, "
            + $"pad {Describe(tokenizer, tokenizer.PadId)}, unk {Describe(tokenizer, tokenizer.UnkId)}";
        yield return $"  stop ids       {string.Join(", ", config.EosTokenIds.Union(encoder.StopIds).Order().Select(id => Describe(tokenizer, id)))}";
        yield return template is null
            ? "  chat template  none: turns are joined by a newline"
            : $"  chat template  {template.Source.Split('\n').Length} lines, below; a turn ends with {encoder.EndOfTurn?.Text ?? "no token of its own"}";
        foreach (string note in tokenizer.Notes.Concat(encoder.Notes))
        {
            yield return $"  note           {note}";
        }

        yield return "  an example, as the model reads it:";
        foreach (string line in Indented(encoder.RenderPrompt(Example)))
        {
            yield return line;
        }

        yield return $"  its {ids.Length} ids: {string.Join(' ', ids)}";
        foreach (string line in template is null ? [] : Indented(template.Source).Prepend("  the template:"))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Indented(string text) => text.TrimEnd('\n').Split('\n').Select(line => $"    {line}");

    private static string Describe(Tokenizer tokenizer, int? id) => id is int known ? $"{known} {tokenizer.IdToToken(known)}" : "none";
}
