using System.IO.Compression;
using System.Text;

namespace Proxima.Core.Runs;

/// <summary>
/// A compressed log of JSON lines. Each batch of lines is a gzip member of its own, handed to the system in one piece, so that what a
/// stopped process leaves is readable up to its last whole batch.
/// </summary>
public static class GzipLines
{
    /// <summary>Appends lines; makes the file when there is none.</summary>
    /// <param name="path">the file</param>
    /// <param name="lines">UTF-8, each with its line feed</param>
    public static void Append(string path, ReadOnlySpan<byte> lines)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(lines);
        }

        using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(member.GetBuffer(), 0, (int)member.Length);
    }

    /// <summary>
    /// Takes away the lines of later steps, so that a resumed run writes no step twice, and a last line that a stopped process left half
    /// written. Each step keeps a member of its own. A file without a line left is removed.
    /// </summary>
    /// <param name="path">the file; it need not exist</param>
    /// <param name="lastStep">last step whose lines stay</param>
    /// <exception cref="ProximaException">the file is damaged</exception>
    public static void Trim(string path, int lastStep)
    {
        if (!File.Exists(path))
        {
            return;
        }

        int kept = 0;
        AtomicFile.Write(path, output =>
        {
            GZipStream? gzip = null;
            int stepOfMember = 0;
            foreach ((int step, string text) in WholeLines(path).Where(line => line.Step <= lastStep))
            {
                if (gzip is null || step != stepOfMember)
                {
                    gzip?.Dispose();
                    gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
                    stepOfMember = step;
                }

                gzip.Write(Encoding.UTF8.GetBytes(text + "\n"));
                kept++;
            }

            gzip?.Dispose();
        });
        if (kept == 0)
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<(int Step, string Text)> WholeLines(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        int number = 1;
        for (string? line = ReadLine(reader, path); line is not null; number++)
        {
            string? next = ReadLine(reader, path);
            int? step = StepLine.StepOf(line);
            if (step is not null)
            {
                yield return (step.Value, line);
            }
            else if (next is not null)
            {
                throw StepLine.Invalid(path, number, line);
            }

            line = next;
        }
    }

    private static string? ReadLine(StreamReader reader, string path)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (InvalidDataException exception)
        {
            throw new ProximaException(ExitCode.Data, $"{path} is damaged ({exception.Message}). Move it away and resume again.", exception);
        }
    }
}
