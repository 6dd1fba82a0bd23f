using Proxima.Core;

namespace Proxima.Text.Reading;

/// <summary>Reads whole files that others wrote, up to a size no tokenizer reaches.</summary>
internal static class BoundedFile
{
    private const long MaxBytes = 512L << 20;

    public static byte[] ReadAll(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw new ProximaException(
                    ExitCode.Data,
                    $"{path}: {length} bytes. Expected a tokenizer file of at most {MaxBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Data, $"{path} cannot be read: {e.Message}", e);
        }
    }
}
