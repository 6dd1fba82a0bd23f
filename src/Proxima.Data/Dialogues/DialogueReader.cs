using Proxima.Core;
using Proxima.Data.Examples;

namespace Proxima.Data.Dialogues;

/// <summary>Reads a file of the src/tgt protocol: UTF-8, one JSON object a line, <c>.jsonl</c> or <c>.jsonl.gz</c>.</summary>
public sealed class DialogueReader
{
    /// <summary>How many skipped lines are kept with their reason; the rest are only counted.</summary>
    public const int MaxReportedLines = 100;

    internal const int MaxLineBytes = 1 << 24;

    private readonly string _path;
    private readonly InvalidLines _invalidLines;
    private readonly DialogueParser _parser;
    private readonly List<Dialogue> _dialogues = [];
    private readonly List<SkippedLine> _skipped = [];
    private long _skippedCount;

    private DialogueReader(string path, DialogueKind kind, InvalidLines invalidLines, ReplyEnding ending)
    {
        _path = path;
        _invalidLines = invalidLines;
        _parser = new DialogueParser(kind, ending);
    }

    /// <summary>Reads every line of a file.</summary>
    /// <param name="path">a file that ends in <c>.jsonl</c> or <c>.jsonl.gz</c></param>
    /// <param name="kind">what a line must hold</param>
    /// <param name="invalidLines">what happens at a line that breaks the protocol</param>
    /// <param name="ending">what stands behind a reply: without an end, an empty one is refused</param>
    /// <exception cref="ProximaException">
    /// the file is missing, unreadable or without a usable line, or a line breaks the protocol and is to be refused
    /// </exception>
    public static DialogueFile Read(
        string path, DialogueKind kind, InvalidLines invalidLines, ReplyEnding ending = ReplyEnding.EndOfTurn)
    {
        if (!DialogueStream.HasKnownEnding(path))
        {
            throw new ProximaException(ExitCode.Data, $"{path}: not a data file. Expected a name that ends in .jsonl or .jsonl.gz; rename or convert it.");
        }

        return Guard(path, () =>
        {
            using DialogueStream stream = DialogueStream.Open(path);
            return new DialogueReader(path, kind, invalidLines, ending).ReadAll(stream);
        });
    }

    /// <summary>Turns what goes wrong with a file into a message.</summary>
    internal static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new ProximaException(ExitCode.Data, $"{path}: not readable as gzip ({e.Message}). Expected a whole .gz file; make it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Data, $"{path}: cannot be read ({e.Message}). Expected a readable data file; correct the path.", e);
        }
    }

    private DialogueFile ReadAll(DialogueStream stream)
    {
        BoundedLineReader lines = new(stream.Content, MaxLineBytes, stream.MaxBytes);
        long? blankLine = null;
        while (lines.Read())
        {
            if (stream.IsMark(lines.Line.Span))
            {
                break;
            }

            if (!lines.IsTooLong && lines.Line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                blankLine ??= lines.LineNumber;
                continue;
            }

            if (blankLine is not null)
            {
                // Blank lines are tolerated at the end of the file only.
                Reject(new SourceLine(_path, blankLine.Value), "is blank. Expected one JSON object a line; remove the blank line.", null);
                blankLine = null;
            }

            ReadLine(lines);
        }

        stream.CheckEnd(lines);
        return _dialogues.Count == 0
            ? throw new ProximaException(
                ExitCode.Data,
                $"{_path}: no usable line ({_skippedCount} skipped{(_skipped.Count > 0 ? $"; the first: {_skipped[0].Reason}" : "")}). Expected at least one JSON object with \"src\" and \"tgt\"; add data or drop the file.")
            : new DialogueFile
            {
                Path = _path,
                Dialogues = _dialogues,
                Skipped = _skipped,
                SkippedCount = _skippedCount,
                UnreadKeys = _parser.UnreadKeys,
            };
    }

    private void ReadLine(BoundedLineReader lines)
    {
        SourceLine origin = new(_path, lines.LineNumber);
        if (lines.IsTooLong)
        {
            Reject(origin, $"is longer than {MaxLineBytes} bytes. Expected one dialogue a line; split it.", null);
            return;
        }

        try
        {
            _dialogues.Add(_parser.Parse(lines.Line, origin));
        }
        catch (InvalidLineException e)
        {
            Reject(origin, e.Message, e);
        }
    }

    private void Reject(SourceLine origin, string reason, Exception? cause)
    {
        if (_invalidLines == InvalidLines.Refuse)
        {
            throw new ProximaException(ExitCode.Data, $"{origin}: {reason} Or set skip_invalid_data true to leave such lines out.", cause);
        }

        _skippedCount++;
        if (_skipped.Count < MaxReportedLines)
        {
            _skipped.Add(new SkippedLine(origin, reason));
        }
    }
}
