using System.IO.Compression;
using Proxima.Core;
using Proxima.Models;
using Proxima.Models.Weights;

namespace Proxima.Fuzz.Targets;

/// <summary>
/// Reads bytes as a file of a model folder, without its weights: what it describes, or a <see cref="ProximaException"/> that says what
/// is wrong.
/// </summary>
public static class ModelFuzzTarget
{
    private const string Name = "fuzz";

    /// <summary>As a config.json.</summary>
    public static void Config(byte[] content) => FuzzFolder.With("config.json", content, folder => Try(() =>
    {
        ModelConfig config = ModelConfig.Load(folder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(config.HiddenSize);
    }));

    /// <summary>As a safetensors file: its header against its length.</summary>
    public static void Safetensors(byte[] content) => Try(() =>
    {
        ReadOnlySpan<byte> start = content.AsSpan(0, Math.Min(content.Length, SafetensorsHeader.PrefixSize));
        int length = SafetensorsHeader.ReadLength(Name, start, content.Length);
        int dataStart = SafetensorsHeader.PrefixSize + length;
        SafetensorsHeader header = SafetensorsHeader.Parse(Name, content.AsMemory(SafetensorsHeader.PrefixSize, length), content.Length - dataStart);
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.DataLength, content.Length - dataStart);
    });

    /// <summary>As the pickle of a pytorch_model.bin.</summary>
    public static void Pickle(byte[] content)
    {
        using MemoryStream archive = new();
        using (ZipArchive zip = new(archive, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open())
        {
            entry.Write(content);
        }

        FuzzFolder.With("pytorch_model.bin", archive.GetBuffer().AsSpan(0, (int)archive.Length), folder => Try(() =>
        {
            using TorchArchive weights = TorchArchive.Open(Path.Combine(folder, "pytorch_model.bin"));
            ArgumentNullException.ThrowIfNull(weights.Tensors);
        }));
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (ProximaException e) when (e.ExitCode == ExitCode.Data)
        {
            // What such a file may end with.
        }
    }
}
