using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Conversion;

/// <summary>Reads .jsonl and .jsonl.gz files of any layout: one JSON object a line.</summary>
internal static class JsonRows
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>The rows in order; a line that is no object is handed to <paramref name="reject"/>.</summary>
    public static IEnumerable<SourceRow> Read(string path, Action<SourceLine, InvalidLineException> reject)
    {
        using DialogueStream stream = DialogueStream.Open(path);
        BoundedLineReader lines = new(stream.Content, DialogueReader.MaxLineBytes, stream.MaxBytes);
        while (lines.Read() && !stream.IsMark(lines.Line.Span))
        {
            SourceLine origin = new(path, lines.LineNumber);
            if (lines.IsTooLong)
            {
                reject(origin, new InvalidLineException($"is longer than {DialogueReader.MaxLineBytes} bytes. Expected one dialogue a line; split it."));
            }
            else if (!lines.Line.Span.Trim(" \t\r"u8).IsEmpty && Parse(lines.Line, origin, reject) is { } row)
            {
                yield return row;
            }
        }

        stream.CheckEnd(lines);
    }

    private static SourceRow? Parse(ReadOnlyMemory<byte> line, SourceLine origin, Action<SourceLine, InvalidLineException> reject)
    {
        try
        {
            if (JsonNode.Parse(line.Span, documentOptions: Options) is JsonObject columns)
            {
                return new SourceRow(columns, origin);
            }

            reject(origin, new InvalidLineException("is no JSON object. Expected one object a line; correct the line."));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            reject(origin, new InvalidLineException($"not a JSON object: {exception.Message} Expected one object a line; correct the line.", exception));
        }

        return null;
    }
}
