using System.Text.Json;
using Proxima.Core.Untrusted;

namespace Proxima.Core.Runs;

/// <summary>
/// manifest.json of a checkpoint, <c>{"files": {"actor/config.json": {"bytes": 512, "sha256": "…"}, …}}</c>: every other file in it. It is
/// how a checkpoint that was cut, changed or half removed is told from a whole one.
/// </summary>
public static class CheckpointManifest
{
    public const string Name = "manifest.json";

    private const int MaxBytes = 16 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes the manifest of what a folder holds.</summary>
    public static void Write(string folder)
    {
        Dictionary<string, Entry> files = Files(folder).ToDictionary(
            file => file.Key, file => new Entry(new FileInfo(file.Value).Length, FileHashes.OfFile(file.Value)), StringComparer.Ordinal);
        AtomicFile.WriteText(Path.Combine(folder, Name), JsonSerializer.Serialize(new Content(files), Options) + "\n");
    }

    /// <summary>What is wrong with a checkpoint; null when every file is there, byte for byte. Reads all of it.</summary>
    public static string? Damage(string folder) => Damage(folder, path => new Entry(new FileInfo(path).Length, FileHashes.OfFile(path)));

    /// <summary>The same by sizes alone, which takes no time and finds what was cut or half removed.</summary>
    public static string? DamageOfSizes(string folder) => Damage(folder, path => new Entry(new FileInfo(path).Length, null));

    private static string? Damage(string folder, Func<string, Entry> measure)
    {
        if (!File.Exists(Path.Combine(folder, Name)))
        {
            return $"{Name} is missing";
        }

        try
        {
            byte[] manifest = BoundedFile.ReadAll(Path.Combine(folder, Name), MaxBytes);
            SortedDictionary<string, string> files = Files(folder);
            foreach ((string name, Entry promised) in JsonSerializer.Deserialize<Content>(manifest, Options)?.Files ?? throw new JsonException("it is null"))
            {
                if (!files.TryGetValue(name, out string? path))
                {
                    return $"{name} is missing";
                }

                Entry found = measure(path);
                if (found.Bytes != promised.Bytes)
                {
                    return $"{name} has {found.Bytes:n0} bytes instead of {promised.Bytes:n0}";
                }

                if (found.Sha256 is not null && found.Sha256 != promised.Sha256)
                {
                    return $"the content of {name} is not what was saved";
                }
            }

            return null;
        }
        catch (ProximaException exception)
        {
            return exception.Message;
        }
        catch (JsonException exception)
        {
            return $"{Name} is damaged ({exception.Message})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Name with / between folders → path, of every file but the manifest.</summary>
    private static SortedDictionary<string, string> Files(string folder)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (name != Name)
            {
                files.Add(name, path);
            }
        }

        return files;
    }

    private sealed record Content(IReadOnlyDictionary<string, Entry> Files);

    private sealed record Entry(long Bytes, string? Sha256);
}
