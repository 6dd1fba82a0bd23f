namespace Proxima.Core.Untrusted;

/// <summary>Reads whole files that others wrote, up to the size that such a file can have.</summary>
public static class BoundedFile
{
    /// <summary>The content of a file.</summary>
    /// <param name="path">the file</param>
    /// <param name="maxBytes">its size at most</param>
    /// <exception cref="ProximaException">exit code Data: it cannot be read, or is larger</exception>
    public static byte[] ReadAll(string path, int maxBytes)
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            if (file.Length > maxBytes)
            {
                throw new ProximaException(
                    ExitCode.Data, $"{path} has {file.Length:n0} bytes. Expected at most {maxBytes:n0} of such a file; check where it comes from.");
            }

            byte[] content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProximaException(ExitCode.Data, $"{path} cannot be read: {e.Message.TrimEnd('.')}. Expected a readable file; correct the path or its rights.", e);
        }
    }
}
