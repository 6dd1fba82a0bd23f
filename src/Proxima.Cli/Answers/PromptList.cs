using System.Text;
using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Core.Settings;
using Proxima.Core.Untrusted;
using Proxima.Data.Dialogues;

namespace Proxima.Cli.Answers;

/// <summary>The prompts that <c>proxima generate</c> was given.</summary>
internal static class PromptList
{
    private const string TextEnding = ".txt";

    /// <summary>From the command line or from prompts_file.</summary>
    /// <param name="loaded">settings of a command that is no chat</param>
    /// <param name="warn">told of lines that were skipped</param>
    /// <exception cref="ProximaException">the file or a line of it cannot be used</exception>
    public static IReadOnlyList<Dialogue> Read(LoadedGenerateSettings loaded, Action<string> warn)
    {
        GenerateSettings settings = loaded.Settings.Generate;
        IReadOnlyList<Dialogue> prompts = settings.PromptsFile is { } path
            ? OfFile(path, loaded.Settings.Answering.SkipInvalidData, warn)
            : [.. loaded.Prompts.Select(text => Single(text, null))];
        return [.. prompts.Select(prompt => prompt with { System = prompt.System ?? settings.System })];
    }

    private static IReadOnlyList<Dialogue> OfFile(string path, bool skips, Action<string> warn)
    {
        if (path.EndsWith(TextEnding, StringComparison.OrdinalIgnoreCase))
        {
            return OfText(path);
        }

        DialogueFile file = DialogueReader.Read(path, DialogueKind.Prompt, skips ? InvalidLines.SkipAndReport : InvalidLines.Refuse);
        if (file.SkippedCount > 0)
        {
            warn($"{path}: {file.SkippedCount} of {file.SkippedCount + file.Dialogues.Count} lines skipped; the first: {file.Skipped[0]}");
        }

        return file.Dialogues;
    }

    private static Dialogue[] OfText(string path)
    {
        try
        {
            RegularFile.Require(path);
            string[] lines = File.ReadAllLines(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            Dialogue[] prompts =
            [
                .. lines.Select((line, i) => (line, i)).Where(pair => !string.IsNullOrWhiteSpace(pair.line))
                    .Select(pair => Single(pair.line, new SourceLine(path, pair.i + 1))),
            ];
            return prompts.Length > 0 ? prompts : throw new ProximaException(ExitCode.Data, $"{path}: no prompt. Expected one a line; write some.");
        }
        catch (DecoderFallbackException exception)
        {
            throw new ProximaException(ExitCode.Data, $"{path}: not valid UTF-8. Expected a text with a prompt a line; correct the encoding.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Data, $"{path}: cannot be read ({exception.Message}). Expected a readable text file; correct the path.", exception);
        }
    }

    private static Dialogue Single(string text, SourceLine? origin) => new() { Src = [text], Tgt = [], Origin = origin };
}
