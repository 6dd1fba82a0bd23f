using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;

namespace Proxima.Cli.Runs;

/// <summary>What commands read, with errors that name the argument.</summary>
internal static class InputFiles
{
    /// <summary>A model folder that exists.</summary>
    public static string ModelFolder(string key, string path) => Directory.Exists(path)
        ? path
        : throw new ProximaException(
            ExitCode.Data, $"{key} = {path}: there is no such folder. Expected a local Hugging Face folder; models are not downloaded.");

    /// <summary>A task with its data. What was skipped is noted.</summary>
    public static DialogueTask Task(
        string path, DialogueKind kind, bool skipsInvalidData, List<string> notes, ReplyEnding ending = ReplyEnding.EndOfTurn)
    {
        DialogueTask task = DialogueTask.Load(path, kind, skipsInvalidData ? InvalidLines.SkipAndReport : InvalidLines.Refuse, ending);
        foreach (DialogueFile file in task.Files.Where(file => file.SkippedCount > 0))
        {
            notes.Add($"{file.Path}: {file.SkippedCount} of {file.SkippedCount + file.Dialogues.Count} lines skipped; the first: {file.Skipped[0]}");
        }

        return task;
    }
}
