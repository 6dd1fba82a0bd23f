using System.IO.Compression;
using Proxima.Core;
using Proxima.Core.Untrusted;
using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>
/// Reads pytorch_model.bin: a zip archive with a pickle that describes a state dict, and one entry for each storage.
/// Only what a state dict needs is understood; nothing is executed.
/// </summary>
internal sealed class TorchArchive : ITensorFile
{
    private const string Description = "/data.pkl";
    private const long LongestDescription = 32 << 20;

    private static readonly Dictionary<string, ScalarType> StorageTypes = new()
    {
        ["torch.FloatStorage"] = ScalarType.Float32,
        ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16,
        ["torch.DoubleStorage"] = ScalarType.Float64,
        ["torch.LongStorage"] = ScalarType.Int64,
        ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16,
        ["torch.CharStorage"] = ScalarType.Int8,
        ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
    };

    private readonly ZipArchive _archive;
    private readonly string _root;
    private readonly Dictionary<string, View> _views = new(StringComparer.Ordinal);

    private TorchArchive(string path, ZipArchive archive)
    {
        Path = path;
        _archive = archive;
        ZipArchiveEntry description = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith(Description, StringComparison.Ordinal))
            ?? throw new InvalidDataException("the archive has no data.pkl");
        _root = description.FullName[..^Description.Length];
        if (description.Length > LongestDescription)
        {
            throw new InvalidDataException($"data.pkl has {description.Length:n0} bytes");
        }

        using MemoryStream code = new();
        using (Stream stream = description.Open())
        {
            stream.CopyTo(code);
        }

        object? state = PickleReader.Read(code.ToArray(), Call, Resolve);
        foreach ((object name, object? value) in state as Dictionary<object, object?> ?? throw new InvalidDataException("it holds no state dict"))
        {
            _views.Add((string)name, value as View ?? throw new InvalidDataException($"{ShownText.Of((string)name)} is no tensor"));
        }

        Tensors = [.. _views.Select(pair => new StoredTensor(pair.Key, StoredType.Of(pair.Value.Storage.Type), pair.Value.Shape))];
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Opens a file and reads what it holds.</summary>
    /// <exception cref="ProximaException">it cannot be read, is cut off, malformed, or holds something else than tensors</exception>
    public static TorchArchive Open(string path)
    {
        ZipArchive? archive = null;
        try
        {
            RegularFile.Require(path);
            archive = ZipFile.OpenRead(path);
            return new(path, archive);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException or InvalidCastException or OverflowException or ArgumentException)
        {
            archive?.Dispose();
            throw Broken(path, problem);
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        View view = _views[name];
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var storage = ReadStorage(view.Storage);
        return storage.as_strided(view.Shape, view.Strides, view.Offset).clone().contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose() => _archive.Dispose();

    private static ProximaException Broken(string path, Exception problem)
    {
        string reason = IsBarePickle(path) ? "it has the format that PyTorch wrote before version 1.6" : problem.Message;
        return new(ExitCode.Data, $"{path} cannot be read as PyTorch weights: {reason}. Copy or download the file again, or take safetensors.", problem);
    }

    /// <summary>Whether a file starts as a pickle of protocol 2 does, instead of as an archive.</summary>
    private static bool IsBarePickle(string path)
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            return file.ReadByte() == 0x80 && file.ReadByte() == 2;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Tensor ReadStorage(Storage storage)
    {
        try
        {
            ZipArchiveEntry entry = _archive.GetEntry($"{_root}/data/{storage.Key}") ?? throw new InvalidDataException($"storage {storage.Key} is missing");
            long expected = checked(storage.Count * StoredType.Of(storage.Type).Size);
            if (entry.Length != expected)
            {
                throw new InvalidDataException($"storage {storage.Key} has {entry.Length:n0} bytes, {expected:n0} expected");
            }

            // PyTorch stores them as they are; a compressed one could grow a thousandfold.
            if (entry.CompressedLength != entry.Length)
            {
                throw new InvalidDataException($"storage {storage.Key} is compressed");
            }

            var values = empty(storage.Count, dtype: storage.Type);

            using Stream stream = entry.Open();
            TensorBytes.ForEachPiece(values, (_, bytes) => stream.ReadExactly(bytes));
            return values;
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or OverflowException)
        {
            throw Broken(Path, problem);
        }
    }

    /// <summary>The functions that a state dict calls.</summary>
    private static object? Call(string name, object?[] arguments) => name switch
    {
        "collections.OrderedDict" => new Dictionary<object, object?>(),
        "torch._utils._rebuild_tensor_v2" => Rebuild((Storage)arguments[0]!, (long)arguments[1]!, Sizes(arguments[2]), Sizes(arguments[3])),
        "torch._utils._rebuild_parameter" => arguments[0],
        _ => throw new InvalidDataException($"it calls {name}, which weights do not need; do not trust this file"),
    };

    /// <summary>A reference to a storage: ("storage", type, key, device, number of elements).</summary>
    private static Storage Resolve(object?[] reference) =>
        reference is ["storage", PickleName type, string key, _, long count] && count >= 0 && StorageTypes.TryGetValue(type.Name, out ScalarType scalar)
            ? new(scalar, key, count)
            : throw new InvalidDataException($"unknown storage ({ShownText.Of(string.Join(", ", reference))})");

    private static View Rebuild(Storage storage, long offset, long[] shape, long[] strides)
    {
        bool isEmpty = shape.Contains(0);
        bool isSound = offset >= 0 && shape.Length == strides.Length && shape.All(size => size >= 0) && strides.All(stride => stride >= 0);
        long last = isSound && !isEmpty ? checked(offset + shape.Zip(strides, (size, stride) => checked((size - 1) * stride)).Sum()) : -1;
        return isSound && last < storage.Count
            ? new(storage, offset, shape, strides)
            : throw new InvalidDataException($"a tensor of shape [{ShownText.Of(string.Join(", ", shape))}] lies outside storage {storage.Key}");
    }

    private static long[] Sizes(object? tuple) => [.. ((object?[])tuple!).Select(size => (long)size!)];

    private sealed record Storage(ScalarType Type, string Key, long Count);

    private sealed record View(Storage Storage, long Offset, long[] Shape, long[] Strides);
}
