using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Models.Weights;

/// <summary>
/// The header of a safetensors file: eight bytes with its length, then JSON, then the data without gaps.
/// Format: https://github.com/huggingface/safetensors#format
/// </summary>
/// <param name="Tensors">in the order of their data</param>
/// <param name="Metadata">free text, usually format: pt</param>
public sealed record SafetensorsHeader(IReadOnlyList<StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Bytes of the length before the JSON.</summary>
    public const int PrefixSize = sizeof(ulong);

    /// <summary>Of several hundred thousand tensors; the format allows 100 MB, for which a reader would need a gigabyte.</summary>
    private const long MaximumLength = 32 << 20;

    private const int MaximumRank = 32;
    private const string MetadataKey = "__metadata__";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Bytes of all data together.</summary>
    public long DataLength => Tensors.Count == 0 ? 0 : Tensors[^1].End;

    /// <summary>Length of the JSON that a file begins with.</summary>
    /// <param name="path">for messages</param>
    /// <param name="start">the first bytes of the file</param>
    /// <param name="fileLength">bytes of the whole file</param>
    /// <exception cref="ProximaException">the file is too short for it</exception>
    public static int ReadLength(string path, ReadOnlySpan<byte> start, long fileLength)
    {
        ulong length = start.Length < PrefixSize ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(start);
        return length <= MaximumLength && PrefixSize + (long)length <= fileLength
            ? (int)length
            : throw Broken(path, $"it is no safetensors file, or it is cut off within its header (it has {fileLength:n0} bytes)");
    }

    /// <summary>Reads and checks the JSON.</summary>
    /// <param name="path">for messages</param>
    /// <param name="json">the JSON</param>
    /// <param name="dataLength">bytes of the file after the JSON</param>
    /// <exception cref="ProximaException">it is malformed, or the data do not fit it</exception>
    public static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataLength)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            Dictionary<string, string> metadata = [];
            List<StoredTensor> tensors = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataKey))
                {
                    metadata = property.Value.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "");
                }
                else
                {
                    tensors.Add(ParseTensor(path, property));
                }
            }

            tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
            CheckCover(path, tensors, dataLength);
            return new(tensors, metadata);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Broken(path, $"its header is malformed ({problem.Message})", problem);
        }
    }

    /// <summary>A header for tensors one after the other in the given order.</summary>
    public static SafetensorsHeader Arrange(IEnumerable<StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        List<StoredTensor> arranged = [];
        long begin = 0;
        foreach (StoredTensor tensor in tensors)
        {
            arranged.Add(tensor with { Begin = begin });
            begin = arranged[^1].End;
        }

        return new(arranged, metadata);
    }

    /// <summary>The length and the JSON, filled up with spaces so that the data begin at a multiple of eight.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        stream.Write(new byte[PrefixSize]);
        using (Utf8JsonWriter writer = new(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteJson(writer);
        }

        while (stream.Length % PrefixSize != 0)
        {
            stream.WriteByte((byte)' ');
        }

        byte[] bytes = stream.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(bytes.Length - PrefixSize));
        return bytes;
    }

    internal static ProximaException Broken(string path, string problem, Exception? inner = null) =>
        new(ExitCode.Data, $"{path}: {problem}. Copy or download the file again.", inner);

    private void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Metadata.Count > 0)
        {
            writer.WriteStartObject(MetadataKey);
            foreach ((string key, string value) in Metadata)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        foreach (StoredTensor tensor in Tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.Type.Name);
            WriteArray(writer, "shape", tensor.Shape);
            WriteArray(writer, "data_offsets", [tensor.Begin, tensor.End]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, string name, IReadOnlyList<long> values)
    {
        writer.WriteStartArray(name);
        foreach (long value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static StoredTensor ParseTensor(string path, JsonProperty property)
    {
        string dtype = property.Value.GetProperty("dtype").GetString() ?? "";
        StoredType type = StoredType.Named(dtype)
            ?? throw new ProximaException(
                ExitCode.Data,
                $"{path}: {ShownText.Of(property.Name)} is stored as {ShownText.Of(dtype)}, which Proxima does not read. Take weights in F32, BF16 or F16.");
        JsonElement sizes = property.Value.GetProperty("shape");
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        if (sizes.GetArrayLength() > MaximumRank || offsets.GetArrayLength() != 2)
        {
            throw Broken(path, $"{ShownText.Of(property.Name)} has {sizes.GetArrayLength()} sizes and {offsets.GetArrayLength()} data_offsets, at most {MaximumRank} and 2 are expected");
        }

        long[] shape = [.. sizes.EnumerateArray().Select(size => size.GetInt64())];
        (long begin, long end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        StoredTensor tensor = new(property.Name, type, shape) { Begin = begin };
        bool isSound = begin >= 0 && shape.All(size => size >= 0) && tensor.End == end;
        return isSound
            ? tensor
            : throw Broken(path, $"{ShownText.Of(property.Name)} of shape [{string.Join(", ", shape)}] in {dtype} cannot lie at bytes {begin} to {end}");
    }

    /// <summary>Checks that the tensors lie side by side from the first byte to the last.</summary>
    private static void CheckCover(string path, List<StoredTensor> tensors, long dataLength)
    {
        long covered = 0;
        string before = "the header";
        foreach (StoredTensor tensor in tensors)
        {
            if (tensor.Begin != covered)
            {
                throw Broken(path, $"{ShownText.Of(tensor.Name)} begins at byte {tensor.Begin:n0}, but {ShownText.Of(before)} ends at {covered:n0}");
            }

            (covered, before) = (tensor.End, tensor.Name);
        }

        if (covered != dataLength)
        {
            throw Broken(
                path,
                dataLength < covered
                    ? $"the file is cut off: its header promises {covered:n0} bytes of weights and it has {dataLength:n0}"
                    : $"{dataLength - covered:n0} bytes follow the last tensor");
        }
    }
}
