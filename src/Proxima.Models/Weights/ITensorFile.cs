using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>A file of named tensors.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>A copy of a tensor in its stored type.</summary>
    public Tensor Read(string name);
}
