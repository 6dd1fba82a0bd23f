using System.IO.MemoryMappedFiles;
using Proxima.Core;
using Proxima.Core.Untrusted;
using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>
/// Reads a safetensors file through a memory map. Tensors are copies, so that they outlive the map and a file that changes
/// later cannot harm them.
/// </summary>
public sealed unsafe class SafetensorsFile : ITensorFile
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly long _dataStart;
    private readonly Dictionary<string, StoredTensor> _byName;

    private SafetensorsFile(string path, MemoryMappedFile file, long length)
    {
        Path = path;
        _file = file;
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        try
        {
            int headerLength = SafetensorsHeader.ReadLength(path, new(_start, (int)Math.Min(length, SafetensorsHeader.PrefixSize)), length);
            _dataStart = SafetensorsHeader.PrefixSize + headerLength;
            byte[] json = new ReadOnlySpan<byte>(_start + SafetensorsHeader.PrefixSize, headerLength).ToArray();
            Header = SafetensorsHeader.Parse(path, json, length - _dataStart);
            _byName = Header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        }
        catch
        {
            Unmap();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the file holds.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>The tensors of the header.</summary>
    public IReadOnlyList<StoredTensor> Tensors => Header.Tensors;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ProximaException">it cannot be read, is cut off or malformed</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            long length = file.Length; // of what a link leads to, unlike that of FileInfo
            if (length < SafetensorsHeader.PrefixSize)
            {
                throw SafetensorsHeader.Broken(path, $"the file has only {length} bytes");
            }

            return new(path, MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true), length);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(ExitCode.Data, $"{path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>A copy of a tensor in its stored type.</summary>
    /// <exception cref="KeyNotFoundException">the file has no such tensor</exception>
    public Tensor Read(string name)
    {
        StoredTensor stored = _byName[name];
        var copy = empty([.. stored.Shape], dtype: stored.Type.Scalar);
        TensorBytes.Write(copy, _start + _dataStart + stored.Begin);
        return copy;
    }

    public void Dispose() => Unmap();

    private void Unmap()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
