using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Data.Conversion;

/// <summary>Turns files in the common layouts into lines of the data protocol.</summary>
/// <param name="settings">what the lines are for, and what happens at a row that cannot be converted</param>
public sealed class DataConverter(DataConvertSettings settings)
{
    private const string ParquetEnding = ".parquet";

    private readonly List<SkippedLine> _skipped = [];
    private DataKind _kind = settings.To;

    /// <summary>What the lines are for; known once a row was read.</summary>
    public DataKind Kind => _kind;

    /// <summary>Lines that were written.</summary>
    public long Written { get; private set; }

    /// <summary>Rows that were left out.</summary>
    public long SkippedCount { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<SkippedLine> Skipped => _skipped;

    /// <summary>Converts files one after the other.</summary>
    /// <exception cref="ProximaException">a file cannot be read, or a row cannot be converted and is to be refused, or no row is left</exception>
    public void Convert(IReadOnlyList<string> files, Stream output)
    {
        foreach (string file in files)
        {
            using IEnumerator<SourceRow> rows = Rows(file).GetEnumerator();
            while (Next(file, rows))
            {
                Convert(rows.Current, output);
            }
        }

        if (Written == 0)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"no row could be converted ({SkippedCount} skipped{(_skipped.Count > 0 ? $"; the first: {_skipped[0].Origin}: {_skipped[0].Reason}" : "")}). Expected rows in a known layout.");
        }
    }

    /// <summary>Goes to the next row; what goes wrong with the file becomes a message.</summary>
    private static bool Next(string file, IEnumerator<SourceRow> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (InvalidDataException exception)
        {
            throw new ProximaException(ExitCode.Data, $"{file}: damaged, or not of the kind that its name tells ({exception.Message}). Expected a whole file; make it again.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Data, $"{file}: cannot be read ({exception.Message}). Expected a readable file; correct the path.", exception);
        }
    }

    private IEnumerable<SourceRow> Rows(string path) =>
        path.EndsWith(ParquetEnding, StringComparison.OrdinalIgnoreCase) ? ParquetRows.Read(path)
        : DialogueStream.HasKnownEnding(path) ? JsonRows.Read(path, Reject)
        : throw new ProximaException(ExitCode.Data, $"{path}: not a file that can be converted. Expected a name that ends in .jsonl, .jsonl.gz or .parquet; rename it.");

    private void Convert(SourceRow row, Stream output)
    {
        try
        {
            if (_kind == DataKind.Auto)
            {
                _kind = RowReader.KindOf(row.Columns);
            }

            byte[] line = DialogueLine.Write(RowReader.Read(row.Columns, _kind, settings.LabelColumn));
            new DialogueParser(DialogueKinds.Of(_kind), ReplyEnding.EndOfTurn).Parse(line, row.Origin); // what is written keeps every rule of the protocol
            output.Write(line);
            output.WriteByte((byte)'\n');
            Written++;
        }
        catch (InvalidLineException exception)
        {
            Reject(row.Origin, exception);
        }
        catch (JsonException exception)
        {
            Reject(row.Origin, new InvalidLineException($"cannot be written as JSON: {exception.Message}", exception));
        }
    }

    private void Reject(SourceLine origin, InvalidLineException reason)
    {
        if (!settings.SkipInvalidData)
        {
            throw new ProximaException(ExitCode.Data, $"{origin}: {reason.Message} Or set skip_invalid_data true to leave such rows out.", reason);
        }

        SkippedCount++;
        if (_skipped.Count < DialogueReader.MaxReportedLines)
        {
            _skipped.Add(new SkippedLine(origin, reason.Message));
        }
    }
}
