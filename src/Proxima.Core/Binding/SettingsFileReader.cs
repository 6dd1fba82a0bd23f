using System.Globalization;
using System.Text;
using System.Text.Json;
using Proxima.Core.Untrusted;

namespace Proxima.Core.Binding;

/// <summary>Reads a flat JSON object with // comments and trailing commas, and remembers the line of each key.</summary>
internal sealed class SettingsFileReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly List<WrittenValue> _values = [];
    private readonly List<SettingsError> _errors = [];

    private SettingsFileReader(string path, byte[] bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    /// <summary>The values in their order, and what is wrong with the layout of single keys.</summary>
    /// <exception cref="ProximaException">the file is missing, or no JSON object</exception>
    public static (IReadOnlyList<WrittenValue> Values, IReadOnlyList<SettingsError> Errors) Read(string path)
    {
        SettingsFileReader reader = new(path, ReadBytes(path));
        try
        {
            reader.ReadObject();
        }
        catch (JsonException exception)
        {
            string reason = exception.Message.Split(" LineNumber:")[0];
            throw Broken(
                $"{path}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: {reason}",
                "Config files are JSON with // comments",
                exception);
        }

        return (reader._values, reader._errors);
    }

    /// <summary>A JSON value that is not an object or a list as a raw value.</summary>
    /// <exception cref="JsonException">an object or a list</exception>
    internal static RawValue ScalarOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new RawValue(RawValueKind.Text, element.GetString()!),
        JsonValueKind.Number => new RawValue(RawValueKind.Number, element.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => new RawValue(RawValueKind.Boolean, element.GetRawText()),
        JsonValueKind.Null => RawValue.Null,
        _ => throw new JsonException("a list holds numbers or texts"),
    };

    private static byte[] ReadBytes(string path)
    {
        try
        {
            RegularFile.Require(path);
            byte[] bytes = File.ReadAllBytes(path);
            byte[] withoutMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
            StrictUtf8.GetCharCount(withoutMark);
            return withoutMark;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Broken($"{path}: cannot be read: {exception.Message}", "Give the path of a config file", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw Broken($"{path}: not UTF-8 (byte {exception.Index})", "Save the file as UTF-8", exception);
        }
    }

    private static ProximaException Broken(string problem, string cure, Exception? cause = null) =>
        new(ExitCode.Usage, $"{problem}. {cure}.", cause);

    private void ReadObject()
    {
        Utf8JsonReader reader = new(
            _bytes,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Broken(
                $"{_path}: expected a JSON object {{ \"key\": value, … }}, found {(reader.TokenType == JsonTokenType.StartArray ? "a list" : "something else")}",
                "A task file (a list of sources) belongs in train_task_config or eval_task_config");
        }

        Dictionary<string, int> lineOfKey = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int line = LineOf(reader.TokenStartIndex);
            string key = TextAt(ref reader);
            reader.Read();
            if (key == ConfigSchema.Key)
            {
                ReadSchemaPlace(ref reader, line);
                continue;
            }

            ReadValue(ref reader, key, line);
            if (!lineOfKey.TryAdd(key, line))
            {
                string first = lineOfKey[key].ToString(CultureInfo.InvariantCulture);
                _errors.Add(new SettingsError(
                    key, _values[^1].Value.Shown, Origin(line), "each key once", $"Line {first} has it already: remove one of them."));
            }
        }

        // Anything behind the object is an error that the reader reports.
        reader.Read();
    }

    /// <summary>Where an editor finds the JSON Schema of the file; nothing reads it here.</summary>
    private void ReadSchemaPlace(ref Utf8JsonReader reader, int line)
    {
        if (ScalarAt(ref reader) is not { Kind: RawValueKind.Text })
        {
            _errors.Add(new SettingsError(
                ConfigSchema.Key, "no text", Origin(line), "the path or address of a JSON Schema", "Write a text, or leave the key out."));
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, string key, int line)
    {
        RawValue? value = reader.TokenType == JsonTokenType.StartArray ? ListAt(ref reader) : ScalarAt(ref reader);
        if (value is null)
        {
            _errors.Add(new SettingsError(
                key, "{…}", Origin(line), "a single value or a list of values", "The file is flat: write each argument at its top level."));
        }

        _values.Add(new WrittenValue(key, value ?? RawValue.Missing, Origin(line)));
    }

    /// <summary>The list that starts here; null when it holds lists or objects.</summary>
    private RawValue? ListAt(ref Utf8JsonReader reader)
    {
        List<RawValue?> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ScalarAt(ref reader));
        }

        return items.Contains(null) ? null : new RawValue(RawValueKind.List, "", [.. items.OfType<RawValue>()]);
    }

    /// <summary>The value here; null, and skipped, when it is an object or a list.</summary>
    private RawValue? ScalarAt(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new RawValue(RawValueKind.Text, TextAt(ref reader));
            case JsonTokenType.Number:
                return new RawValue(RawValueKind.Number, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return new RawValue(RawValueKind.Boolean, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.Null:
                return RawValue.Null;
            default:
                reader.Skip();
                return null;
        }
    }

    private string TextAt(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            string line = LineOf(reader.TokenStartIndex).ToString(CultureInfo.InvariantCulture);
            throw Broken($"{_path}:{line}: a text holds half a surrogate pair", "Write whole characters", exception);
        }
    }

    private int LineOf(long index) => _bytes.AsSpan(0, (int)index).Count((byte)'\n') + 1;

    private string Origin(int line) => $"{_path}:{line.ToString(CultureInfo.InvariantCulture)}";
}
