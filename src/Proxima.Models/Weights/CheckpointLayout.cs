namespace Proxima.Models.Weights;

/// <summary>How the weight files of a model lay, so that it can be saved as it came.</summary>
/// <param name="Files">in the order of their names</param>
/// <param name="IndexFile">name of the index; null where one file holds everything</param>
internal sealed record CheckpointLayout(IReadOnlyList<CheckpointFile> Files, string? IndexFile)
{
    /// <summary>The name of a single file.</summary>
    public const string SingleFile = "model.safetensors";

    /// <summary>The name of the index of several files.</summary>
    public const string Index = "model.safetensors.index.json";

    /// <summary>Names of the number types, each once.</summary>
    public IReadOnlyList<string> StoredTypes => [.. Files.SelectMany(file => file.Header.Tensors).Select(tensor => tensor.Type.Name).Distinct()];

    /// <summary>One file that holds parameters under their own names.</summary>
    public static CheckpointLayout Single(IEnumerable<StoredTensor> tensors)
    {
        SafetensorsHeader header = SafetensorsHeader.Arrange(SafetensorsWriter.Sort(tensors), SafetensorsWriter.TorchMetadata);
        return new([new(SingleFile, header, header.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Name))], IndexFile: null);
    }
}
