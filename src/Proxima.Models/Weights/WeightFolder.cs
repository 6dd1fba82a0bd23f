using Proxima.Core;
using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>The weight files of a model folder: one safetensors file, or several with an index.</summary>
internal sealed class WeightFolder : IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly string? _indexFile;

    private WeightFolder(string folder)
    {
        Folder = folder;
        string single = Path.Combine(folder, CheckpointLayout.SingleFile);
        string index = Path.Combine(folder, CheckpointLayout.Index);
        if (File.Exists(single))
        {
            _files.Add(SafetensorsFile.Open(single));
        }
        else if (File.Exists(index))
        {
            _indexFile = CheckpointLayout.Index;
            foreach ((string name, IReadOnlySet<string> tensors) in WeightIndex.Read(index).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, name));
                _files.Add(file);
                CheckIndex(index, file, tensors);
            }
        }
        else
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{folder} has no weights: neither {CheckpointLayout.SingleFile} nor {CheckpointLayout.Index}. Copy or download the model again.");
        }
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Every tensor of every file.</summary>
    public IEnumerable<StoredTensor> Tensors => _files.SelectMany(file => file.Header.Tensors);

    /// <summary>Opens the files and checks their headers.</summary>
    /// <exception cref="ProximaException">there are none, or one is cut off or malformed</exception>
    public static WeightFolder Open(string folder) => new(folder);

    /// <summary>A copy of a tensor.</summary>
    /// <param name="name">one of <see cref="Tensors"/></param>
    /// <param name="type">to convert to</param>
    public Tensor Read(string name, ScalarType type)
    {
        SafetensorsFile file = _files.Find(file => file.Header.Tensors.Any(tensor => tensor.Name == name))
            ?? throw new KeyNotFoundException(name);
        var stored = file.Read(name);
        if (stored.dtype == type)
        {
            return stored;
        }

        using (stored)
        {
            return stored.to_type(type);
        }
    }

    /// <summary>How the files lay.</summary>
    /// <param name="parameterName">gives the parameter of a name in the files; null: none, it is left out</param>
    public CheckpointLayout Layout(Func<string, string?> parameterName)
    {
        return new([.. _files.Select(Describe)], _indexFile);

        CheckpointFile Describe(SafetensorsFile file)
        {
            Dictionary<string, string> parameters = [];
            foreach (StoredTensor tensor in file.Header.Tensors)
            {
                if (parameterName(tensor.Name) is string name)
                {
                    parameters.Add(tensor.Name, name);
                }
            }

            SafetensorsHeader header = SafetensorsHeader.Arrange(
                file.Header.Tensors.Where(tensor => parameters.ContainsKey(tensor.Name)),
                file.Header.Metadata);
            return new(Path.GetFileName(file.Path), header, parameters);
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static void CheckIndex(string index, SafetensorsFile file, IReadOnlySet<string> promised)
    {
        List<string> missing = [.. promised.Except(file.Header.Tensors.Select(tensor => tensor.Name)).Order(StringComparer.Ordinal)];
        if (missing.Count > 0)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{index} says that {Path.GetFileName(file.Path)} holds {NameList.Of(missing)}, and it does not. Copy or download the model again.");
        }
    }
}
