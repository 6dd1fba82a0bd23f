using Proxima.Core;
using Proxima.Core.Untrusted;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;

namespace Proxima.Cli.Runs;

/// <summary>What commands read, with errors that name the argument.</summary>
internal static class InputFiles
{
    /// <summary>A model folder that exists.</summary>
    /// <param name="key">the argument that names it</param>
    /// <param name="path">its path</param>
    /// <param name="followsLinks">follow_model_links: whether links in it may lead elsewhere</param>
    public static string ModelFolder(string key, string path, bool followsLinks)
    {
        if (!Directory.Exists(path))
        {
            throw new ProximaException(
                ExitCode.Data, $"{key} = {path}: there is no such folder. Expected a local Hugging Face folder; models are not downloaded.");
        }

        if (!followsLinks)
        {
            ModelLinks.Check(path);
        }

        foreach (string file in Directory.EnumerateFiles(path))
        {
            RequireRegular(key, file);
        }

        return path;
    }

    /// <summary>A file that is neither a pipe nor a device, for readers that have no message of their own.</summary>
    private static void RequireRegular(string key, string file)
    {
        try
        {
            RegularFile.Require(file);
        }
        catch (IOException exception)
        {
            throw new ProximaException(ExitCode.Data, $"{key}: {file} cannot be read. {exception.Message} Take it out of the folder, or copy the model again.", exception);
        }
    }

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
