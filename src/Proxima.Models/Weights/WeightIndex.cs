using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Models.Weights;

/// <summary>The index of weights that are spread over several files.</summary>
internal static class WeightIndex
{
    private const int MaxBytes = 64 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads which file holds which tensor.</summary>
    /// <returns>file names without a folder, each with the names of its tensors</returns>
    /// <exception cref="ProximaException">it is malformed, or names a file outside its folder</exception>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(BoundedFile.ReadAll(path, MaxBytes), Strict);
            Dictionary<string, IReadOnlySet<string>> files = new(StringComparer.Ordinal);
            foreach (var group in document.RootElement.GetProperty("weight_map").EnumerateObject().GroupBy(pair => pair.Value.GetString() ?? ""))
            {
                CheckName(path, group.Key);
                files.Add(group.Key, group.Select(pair => pair.Name).ToHashSet(StringComparer.Ordinal));
            }

            return files;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ProximaException(ExitCode.Data, $"{path} is malformed ({problem.Message}). Copy or download the file again.", problem);
        }
    }

    private static void CheckName(string path, string name)
    {
        bool isPlain = name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0;
        if (!isPlain)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{path}: weight_map names the file \"{ShownText.Of(name)}\". Only names of files beside the index are allowed: do not trust this model.");
        }
    }
}
