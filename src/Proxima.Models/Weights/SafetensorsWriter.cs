using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>Writes safetensors files. A file appears whole, under its name, or not at all.</summary>
public static class SafetensorsWriter
{
    /// <summary>The metadata that transformers expects of weights.</summary>
    public static IReadOnlyDictionary<string, string> TorchMetadata { get; } = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Puts tensors in the order in which the safetensors library writes them: by type, then by name.</summary>
    public static IEnumerable<StoredTensor> Sort(IEnumerable<StoredTensor> tensors) =>
        tensors.OrderByDescending(tensor => tensor.Type.Rank).ThenBy(tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>Writes tensors in their own types, in the order of the safetensors library.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var stored = tensors.Select(pair => new StoredTensor(pair.Key, StoredType.Of(pair.Value.dtype), pair.Value.shape));
        Write(path, SafetensorsHeader.Arrange(Sort(stored), metadata), name => tensors[name]);
    }

    /// <summary>Writes the tensors of a header, converted to its types.</summary>
    /// <param name="path">the file; one that is there is replaced at the end</param>
    /// <param name="header">what to write, in which order</param>
    /// <param name="find">gives the tensor of a name; it stays the caller's</param>
    /// <exception cref="ArgumentException">a tensor has another shape than the header says</exception>
    public static void Write(string path, SafetensorsHeader header, Func<string, Tensor> find)
    {
        string temporary = path + ".tmp";
        try
        {
            byte[] start = header.ToBytes();
            using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, preallocationSize: start.Length + header.DataLength))
            {
                RandomAccess.Write(file, start, 0);
                foreach (StoredTensor stored in header.Tensors)
                {
                    long begin = start.Length + stored.Begin;
                    WriteTensor(find(stored.Name), stored, (offset, bytes) => RandomAccess.Write(file, bytes, begin + offset));
                }

                RandomAccess.FlushToDisk(file);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // is gone already when all went well
        }
    }

    private static void WriteTensor(Tensor tensor, StoredTensor stored, TensorBytes.Visit write)
    {
        if (!tensor.shape.SequenceEqual(stored.Shape))
        {
            throw new ArgumentException(
                $"{stored.Name} has shape [{string.Join(", ", tensor.shape)}], to be written as [{string.Join(", ", stored.Shape)}]");
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        TensorBytes.ForEachPiece(tensor.detach().cpu().to_type(stored.Type.Scalar).contiguous(), write);
    }
}
