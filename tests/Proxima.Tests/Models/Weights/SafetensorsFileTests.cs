using System.Buffers.Binary;
using System.Text;
using Proxima.Core;
using Proxima.Models.Weights;
using static TorchSharp.torch;

namespace Proxima.Tests.Models.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Numbers_of_a_file_written_by_hand_are_read()
    {
        string path = Write(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]}}""",
            [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        using var a = file.Read("a");
        using var b = file.Read("b");

        Assert.Equal(["b", "a"], file.Header.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("pt", file.Header.Metadata["format"]);
        Assert.Equal([2, 1], a.shape);
        Assert.Equal([1f, -2f], a.data<float>().ToArray());
        Assert.Equal([7L], b.data<long>().ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "cannot lie at bytes 0 to 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""", "cannot lie at bytes 0 to -4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "malformed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "b begins at byte 0, but a ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a begins at byte 4, but the header ends at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "4 bytes follow the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "cut off: its header promises 12 bytes of weights and it has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "malformed")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "a is stored as F8_E4M3, which Proxima does not read")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "malformed")]
    [InlineData("""{"a":7}""", "malformed")]
    [InlineData("""[1]""", "malformed")]
    [InlineData("""{"a":""", "malformed")]
    public void A_header_that_does_not_fit_its_data_is_an_error_that_says_why(string header, string reason)
    {
        string path = Write(header, new byte[8]);

        ProximaException error = Assert.Throws<ProximaException>(() => SafetensorsFile.Open(path));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(20)]
    public void A_file_cut_off_within_its_header_is_an_error(int length)
    {
        byte[] whole = File.ReadAllBytes(Write("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]));
        string path = _folder.Combine("cut.safetensors");
        File.WriteAllBytes(path, whole[..length]);

        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => SafetensorsFile.Open(path)).ExitCode);
    }

    [Fact]
    public void A_header_length_beyond_the_limit_is_refused()
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        string path = _folder.Combine("absurd.safetensors");
        File.WriteAllBytes(path, bytes);

        Assert.Contains("no safetensors file", Assert.Throws<ProximaException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error() =>
        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => SafetensorsFile.Open(_folder.Combine("none"))).ExitCode);

    [Fact]
    public void A_file_of_the_library_is_written_again_byte_for_byte()
    {
        string source = Path.Combine(GoldenModel.FolderOf("llama_gqa_tied"), "golden.safetensors"); // int64, float32 and bool
        using SafetensorsFile file = SafetensorsFile.Open(source);
        Dictionary<string, Tensor> tensors = file.Header.Tensors.Reverse().ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name));
        string copy = _folder.Combine("copy.safetensors");

        SafetensorsWriter.Write(copy, tensors, file.Header.Metadata);

        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(copy));
        Assert.Equal([copy], Directory.GetFiles(_folder.Path));
        foreach (Tensor tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    [Fact]
    public void What_is_written_from_strided_and_wider_tensors_is_contiguous_and_of_the_stored_type()
    {
        using var values = tensor(new[] { 1f, 2, 3, 4, 5, 6 }).view(2, 3);
        using var strided = values.t();
        string path = _folder.Combine("a.safetensors");
        SafetensorsHeader header = SafetensorsHeader.Arrange([new("x", StoredType.Of(ScalarType.BFloat16), [3, 2])], SafetensorsWriter.TorchMetadata);

        SafetensorsWriter.Write(path, header, _ => strided);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        using var read = file.Read("x");
        Assert.Equal(ScalarType.BFloat16, read.dtype);
        Assert.Equal([1f, 4, 2, 5, 3, 6], read.to_type(ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = _folder.Write("a.safetensors", "old");
        SafetensorsHeader header = SafetensorsHeader.Arrange([new("x", StoredType.Of(ScalarType.Float32), [3])], SafetensorsWriter.TorchMetadata);
        using var other = zeros(2);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, header, _ => other));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        string path = _folder.Combine("file.safetensors");
        File.WriteAllBytes(path, [.. length, .. json, .. data]);
        return path;
    }
}
