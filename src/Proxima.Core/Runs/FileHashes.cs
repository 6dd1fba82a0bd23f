using System.Security.Cryptography;

namespace Proxima.Core.Runs;

/// <summary>SHA-256 of files, in small hexadecimal letters as <c>sha256sum</c> prints it.</summary>
public static class FileHashes
{
    /// <summary>Hash of one file.</summary>
    public static string OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Name → hash of each file directly in a folder.</summary>
    public static IReadOnlyDictionary<string, string> OfFolder(string folder) => new SortedDictionary<string, string>(
        Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), OfFile), StringComparer.Ordinal);
}
