namespace Proxima.Fuzz.Targets;

/// <summary>A folder with one file, for readers that take a path.</summary>
internal static class FuzzFolder
{
    /// <summary>Writes the file, calls with the folder's path, and removes both.</summary>
    public static void With(string name, ReadOnlySpan<byte> content, Action<string> use)
    {
        string folder = Directory.CreateTempSubdirectory("proxima-fuzz-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
            use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
