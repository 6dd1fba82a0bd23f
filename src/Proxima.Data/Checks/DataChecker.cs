using System.Text;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Data.Checks;

/// <summary>Reads data files as a run would, and gathers what one wants to know before it.</summary>
/// <param name="settings">kind and lengths</param>
/// <param name="encoder">of the model that will read the data; null: lengths are in characters</param>
public sealed class DataChecker(DataCheckSettings settings, DialogueEncoder? encoder)
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Checks one file. Lines of files checked before count as duplicates too.</summary>
    /// <exception cref="Core.ProximaException">the file cannot be read, or holds no usable line</exception>
    public DataReport Check(string path)
    {
        DataKind kind = settings.Kind == DataKind.Auto ? DialogueKinds.Guess(path) : settings.Kind;
        DialogueFile file = DialogueReader.Read(path, DialogueKinds.Of(kind), InvalidLines.SkipAndReport);
        return new DataReport
        {
            File = file,
            Kind = kind,
            Duplicates = [.. file.Dialogues.Where(dialogue => !_seen.Add(Encoding.UTF8.GetString(DialogueLine.Write(dialogue)))).Select(dialogue => dialogue.Origin!)],
            PromptLengths = new LengthSummary([.. file.Dialogues.Select(PromptLength)]),
            ReplyLengths = kind == DataKind.Ppo ? null : new LengthSummary([.. file.Dialogues.SelectMany(Replies).Select(Length)]),
            Cuts = Cuts(file, kind),
        };
    }

    private static IEnumerable<string> Replies(Dialogue dialogue) => dialogue.Response ?? dialogue.Tgt;

    private int Length(string text) => encoder?.Length(text) ?? text.EnumerateRunes().Count();

    private int PromptLength(Dialogue dialogue)
    {
        Dialogue prompt = dialogue with { Tgt = [.. dialogue.Tgt.Take(dialogue.Src.Count - 1)] };
        return encoder is not null
            ? encoder.EncodePrompt(prompt, int.MaxValue).Ids.Length
            : prompt.Src.Concat(prompt.Tgt).Append(prompt.System ?? "").Sum(text => text.EnumerateRunes().Count());
    }

    private CutCounts? Cuts(DialogueFile file, DataKind kind)
    {
        if (encoder is null || (kind == DataKind.Ppo ? settings.MaxPromptLen : settings.MaxSeqLen) is not int limit)
        {
            return null;
        }

        (bool Older, bool Last, bool Reply)[] cuts = [.. file.Dialogues.Select(dialogue => Cut(dialogue, kind, limit))];
        return new CutCounts(cuts.Count(cut => cut.Older), cuts.Count(cut => cut.Last), cuts.Count(cut => cut.Reply));
    }

    private (bool Older, bool Last, bool Reply) Cut(Dialogue dialogue, DataKind kind, int limit)
    {
        if (kind == DataKind.Ppo)
        {
            EncodedPrompt prompt = encoder!.EncodePrompt(dialogue, limit);
            return (prompt.DroppedTurns > 0, prompt.LastTurnCut, false);
        }

        IReadOnlyList<EncodedExample> examples = kind == DataKind.Preference
            ? encoder!.EncodeResponses(dialogue, limit)
            : [.. encoder!.Expand(dialogue).Select(example => encoder.EncodeExample(example, limit))];
        return (examples.Any(example => example.DroppedTurns > 0), examples.Any(example => example.LastTurnCut), examples.Any(example => example.ReplyCut));
    }
}
