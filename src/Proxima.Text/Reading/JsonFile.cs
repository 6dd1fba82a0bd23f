using System.Text.Json;
using System.Text.Unicode;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Text.Reading;

/// <summary>Opens JSON files that others wrote, within limits of size and depth.</summary>
internal static class JsonFile
{
    /// <summary>Half as much again as the largest vocabulary takes.</summary>
    private const int MaxBytes = 64 << 20;

    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Parses a file; the caller disposes the document.</summary>
    /// <exception cref="ProximaException">It cannot be read, is too large, or is no JSON.</exception>
    public static JsonDocument Open(string path)
    {
        byte[] content = BoundedFile.ReadAll(path, MaxBytes);
        if (!Utf8.IsValid(content))
        {
            throw new ProximaException(
                ExitCode.Data, $"{path} is no valid UTF-8. Expected a file as the model's author published it.");
        }

        try
        {
            return JsonDocument.Parse(content.AsMemory(SkipByteOrderMark(content)), Options);
        }
        catch (JsonException e)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{path}: line {e.LineNumber + 1} is no JSON (of at most {MaxDepth} levels): {e.Message} "
                + "Expected a file as the model's author published it.",
                e);
        }
    }

    /// <summary>The root of a document, with the file's name in its path.</summary>
    public static JsonField Root(JsonDocument document, string path) => new(document.RootElement, $"{path}: ");

    private static int SkipByteOrderMark(byte[] content) =>
        content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
}
