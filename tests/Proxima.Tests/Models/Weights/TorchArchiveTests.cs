using System.IO.Compression;
using System.Text;
using Proxima.Core;
using Proxima.Models;
using Proxima.Models.Weights;
using static TorchSharp.torch;

namespace Proxima.Tests.Models.Weights;

public sealed class TorchArchiveTests : IDisposable
{
    private static readonly string Golden = GoldenModel.FolderOf("qwen2_gqa");
    private static readonly string Source = Path.Combine(Golden, "causal_bin");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_weights_are_those_of_the_safetensors_file_beside_it()
    {
        using var scope = NewDisposeScope();
        using CausalLanguageModel expected = ModelFolder.LoadCausal(Path.Combine(Golden, "causal"), ScalarType.Float32);
        using CausalLanguageModel found = ModelFolder.LoadCausal(Source, ScalarType.Float32);

        Assert.Equal(expected.NamedParameters().Select(p => p.Name), found.NamedParameters().Select(p => p.Name));
        foreach (var (left, right) in expected.NamedParameters().Zip(found.NamedParameters()))
        {
            TensorAssert.Close(left.Value, right.Value, 0, left.Name);
        }
    }

    [Fact]
    public void It_is_saved_as_the_safetensors_file_that_transformers_would_write()
    {
        using CausalLanguageModel model = ModelFolder.LoadCausal(Source, ScalarType.Float32);

        ModelFolder.Save(model, Source, _folder.Path);

        Assert.Equal(File.ReadAllBytes(Path.Combine(Golden, "causal", "model.safetensors")), File.ReadAllBytes(_folder.Combine("model.safetensors")));
        Assert.False(File.Exists(_folder.Combine("pytorch_model.bin")));
    }

    [Fact]
    public void A_file_cut_in_half_is_an_error()
    {
        string path = _folder.Combine("pytorch_model.bin");
        byte[] whole = File.ReadAllBytes(Path.Combine(Source, "pytorch_model.bin"));
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);

        ProximaException error = Assert.Throws<ProximaException>(() => TorchArchive.Open(path));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith($"{path} cannot be read as PyTorch weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_format_of_early_versions_is_named()
    {
        string path = _folder.Combine("pytorch_model.bin");
        File.WriteAllBytes(path, [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]); // the magic number that they begin with

        ProximaException error = Assert.Throws<ProximaException>(() => TorchArchive.Open(path));

        Assert.Contains("PyTorch wrote before version 1.6", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cos\nsystem\nX\u0002\0\0\0ls\u0085R.", "it calls os.system, which weights do not need")] // os.system("ls")
    [InlineData("}X\u0001\0\0\0aK\u0001s.", "a is no tensor")] // {"a": 1}
    [InlineData("X\u0001\0\0\0a.", "it holds no state dict")]
    [InlineData("i", "unknown pickle instruction 0x69")]
    [InlineData("R", "malformed pickle")]
    [InlineData("}X\u00ff\u00ff\u00ff\u007f", "malformed pickle")]
    public void A_pickle_that_is_no_state_dict_is_refused_and_nothing_is_run(string code, string reason)
    {
        string path = Archive([("data.pkl", Encoding.Latin1.GetBytes("\u0080\u0002" + code))]);

        ProximaException error = Assert.Throws<ProximaException>(() => TorchArchive.Open(path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2, 3, 3, 1, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(0, 3, 2, 1, 3, new float[] { 0, 3, 1, 4, 2, 5 })] // transposed
    [InlineData(2, 2, 2, 1, 1, new float[] { 2, 3, 3, 4 })] // overlapping, from the third on
    public void Views_of_a_storage_are_read_with_their_strides(byte offset, byte rows, byte columns, byte rowStride, byte columnStride, float[] expected)
    {
        using TorchArchive archive = TorchArchive.Open(ArchiveWithView(offset, rows, columns, rowStride, columnStride));

        using var read = archive.Read("a");

        Assert.Equal([rows, columns], read.shape);
        Assert.Equal(expected, read.contiguous().data<float>().ToArray());
    }

    [Theory]
    [InlineData(1, 2, 3, 3, 1)]
    [InlineData(0, 2, 3, 4, 1)]
    [InlineData(6, 1, 1, 1, 1)]
    public void A_view_beyond_its_storage_is_refused(byte offset, byte rows, byte columns, byte rowStride, byte columnStride)
    {
        string path = ArchiveWithView(offset, rows, columns, rowStride, columnStride);

        Assert.Contains("lies outside storage 0", Assert.Throws<ProximaException>(() => TorchArchive.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_storage_of_another_size_than_the_pickle_says_is_an_error()
    {
        using TorchArchive archive = TorchArchive.Open(ArchiveWithView(0, 2, 3, 3, 1, storageFloats: 5));

        Assert.Contains("storage 0 has 20 bytes, 24 expected", Assert.Throws<ProximaException>(() => archive.Read("a")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>{"a": _rebuild_tensor_v2(storage 0 of six floats 0 … 5, …)} as torch.save writes it.</summary>
    private string ArchiveWithView(byte offset, byte rows, byte columns, byte rowStride, byte columnStride, int storageFloats = 6)
    {
        string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";
        string Number(byte number) => $"K{(char)number}";
        string code = $"\u0080\u0002}}{Text("a")}ctorch._utils\n_rebuild_tensor_v2\n"
            + $"(({Text("storage")}ctorch\nFloatStorage\n{Text("0")}{Text("cpu")}{Number(6)}tQ"
            + $"{Number(offset)}{Number(rows)}{Number(columns)}\u0086{Number(rowStride)}{Number(columnStride)}\u0086\u0089ccollections\nOrderedDict\n)RtRs.";
        byte[] storage = [.. Enumerable.Range(0, storageFloats).SelectMany(i => BitConverter.GetBytes((float)i))];
        return Archive([("data.pkl", Encoding.Latin1.GetBytes(code)), ("data/0", storage)]);
    }

    private string Archive((string Name, byte[] Bytes)[] entries)
    {
        string path = _folder.Combine("archive.bin");
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in entries)
        {
            using Stream stream = archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
            stream.Write(bytes);
        }

        return path;
    }
}
