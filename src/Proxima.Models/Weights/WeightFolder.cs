using Proxima.Core;
using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>The weight files of a model folder: one file, or several with an index; safetensors, else PyTorch's own.</summary>
internal sealed class WeightFolder : IDisposable
{
    private static readonly (string Single, string Index)[] Kinds =
    [
        (CheckpointLayout.SingleFile, CheckpointLayout.Index),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ];

    private readonly List<ITensorFile> _files = [];
    private string? _indexFile;

    private WeightFolder(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Every tensor of every file.</summary>
    public IEnumerable<StoredTensor> Tensors => _files.SelectMany(file => file.Tensors);

    /// <summary>Opens the files and checks what they say they hold.</summary>
    /// <exception cref="ProximaException">there are none, or one is cut off or malformed</exception>
    public static WeightFolder Open(string folder)
    {
        WeightFolder weights = new(folder);
        try
        {
            weights.OpenFiles();
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>A copy of a tensor.</summary>
    /// <param name="name">one of <see cref="Tensors"/></param>
    /// <param name="type">to convert to</param>
    /// <param name="device">to copy to; null: the CPU</param>
    public Tensor Read(string name, ScalarType type, Device? device)
    {
        ITensorFile file = _files.Find(file => file.Tensors.Any(tensor => tensor.Name == name)) ?? throw new KeyNotFoundException(name);
        var stored = file.Read(name);
        if (stored.dtype == type && device is null or { type: TorchSharp.DeviceType.CPU })
        {
            return stored;
        }

        using (stored)
        {
            return stored.to(type, device ?? CPU);
        }
    }

    /// <summary>How the files lay; null when they are not safetensors, and cannot be written again.</summary>
    /// <param name="parameterName">gives the parameter of a name in the files; null: none, it is left out</param>
    public CheckpointLayout? Layout(Func<string, string?> parameterName)
    {
        List<SafetensorsFile> files = [.. _files.OfType<SafetensorsFile>()];
        return files.Count > 0 ? new([.. files.Select(Describe)], _indexFile) : null;

        CheckpointFile Describe(SafetensorsFile file)
        {
            Dictionary<string, string> parameters = [];
            foreach (StoredTensor tensor in file.Tensors)
            {
                if (parameterName(tensor.Name) is string name)
                {
                    parameters.Add(tensor.Name, name);
                }
            }

            SafetensorsHeader header = SafetensorsHeader.Arrange(
                file.Tensors.Where(tensor => parameters.ContainsKey(tensor.Name)),
                file.Header.Metadata);
            return new(Path.GetFileName(file.Path), header, parameters);
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void OpenFiles()
    {
        foreach ((string single, string index) in Kinds)
        {
            if (File.Exists(Path.Combine(Folder, single)))
            {
                _files.Add(OpenFile(single));
                return;
            }

            if (File.Exists(Path.Combine(Folder, index)))
            {
                _indexFile = index;
                OpenIndexed(Path.Combine(Folder, index));
                return;
            }
        }

        throw new ProximaException(
            ExitCode.Data,
            $"{Folder} has no weights: none of {string.Join(", ", Kinds.Select(kind => $"{kind.Single}, {kind.Index}"))}. Copy or download the model again.");
    }

    private ITensorFile OpenFile(string name)
    {
        string path = Path.Combine(Folder, name);
        return Path.GetExtension(name) == ".bin" ? TorchArchive.Open(path) : SafetensorsFile.Open(path);
    }

    private void OpenIndexed(string index)
    {
        foreach ((string name, IReadOnlySet<string> promised) in WeightIndex.Read(index).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            ITensorFile file = OpenFile(name);
            _files.Add(file);
            List<string> missing = [.. promised.Except(file.Tensors.Select(tensor => tensor.Name)).Order(StringComparer.Ordinal)];
            if (missing.Count > 0)
            {
                throw new ProximaException(
                    ExitCode.Data,
                    $"{index} says that {name} holds {NameList.Of(missing)}, and it does not. Copy or download the model again.");
            }
        }
    }
}
