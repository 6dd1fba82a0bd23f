using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Models;

/// <summary>Reads typed values of a config.json, with errors that name the file and the key.</summary>
internal sealed class ConfigReader
{
    private const int MaxBytes = 4 << 20;
    private const int MostLayers = 10_000;

    private readonly string _path;
    private readonly JsonElement _root;

    private ConfigReader(string path, JsonElement root)
    {
        _path = path;
        _root = root;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ProximaException">it is missing, malformed, or <paramref name="describe"/> refuses it</exception>
    public static T Read<T>(string path, Func<ConfigReader, T> describe)
    {
        if (!File.Exists(path))
        {
            throw new ProximaException(
                ExitCode.Data, $"{Path.GetDirectoryName(path)} has no {Path.GetFileName(path)}. Give the path of a local Hugging Face folder.");
        }

        try
        {
            using var document = JsonDocument.Parse(BoundedFile.ReadAll(path, MaxBytes));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? describe(new(path, document.RootElement))
                : throw new ProximaException(ExitCode.Data, $"{path} is no JSON object. Copy or download the file again.");
        }
        catch (JsonException problem)
        {
            throw new ProximaException(ExitCode.Data, $"{path} is malformed: {problem.Message} Copy or download the file again.", problem);
        }
        catch (InvalidOperationException problem)
        {
            throw new ProximaException(ExitCode.Data, $"{path} holds a text that is no valid Unicode. Copy or download the file again.", problem);
        }
    }

    /// <summary>Whether a key is there, with null or anything else.</summary>
    public bool Names(string key) => _root.TryGetProperty(key, out _);

    /// <summary>Whether a key is there with a value other than null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>An object or list; null when there is none.</summary>
    public JsonElement? Section(string key) => Find(key);

    /// <summary>A reader of the object below a key; null when there is none.</summary>
    public ConfigReader? Below(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Object } section ? new(_path, section) : null;

    public int Integer(string key) => OptionalInteger(key) ?? throw Error(key, "is missing", "a whole number");

    public int Integer(string key, int fallback) => OptionalInteger(key) ?? fallback;

    /// <summary>A number of layers: lists as long as it are made of it.</summary>
    public int Layers(string key) => Integer(key) is >= 1 and <= MostLayers and var count
        ? count
        : throw Error(key, $"is {Integer(key)}", $"a number from 1 to {MostLayers}");

    public int? OptionalInteger(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when IsWhole(number) => (int)number.GetDouble(),
        { } other => throw Error(key, $"is {Shown(other)}", "a whole number"),
    };

    /// <summary>A whole number; null where the file says null, the fallback where it says nothing.</summary>
    public int? IntegerUnlessNull(string key, int? fallback) => Names(key) ? OptionalInteger(key) : fallback;

    public double Number(string key) => OptionalNumber(key) ?? throw Error(key, "is missing", "a number");

    public double Number(string key, double fallback) => OptionalNumber(key) ?? fallback;

    public double? OptionalNumber(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { } other => throw Error(key, $"is {Shown(other)}", "a number"),
    };

    /// <summary>A number; null where the file says null, the fallback where it says nothing.</summary>
    public double? NumberUnlessNull(string key, double fallback) =>
        Names(key) ? OptionalNumber(key) : fallback;

    public bool Flag(string key, bool fallback) => Find(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Error(key, $"is {Shown(other)}", "true or false"),
    };

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw Error(key, $"is {Shown(other)}", "a text"),
    };

    /// <summary>The first text of a list; null when there is none.</summary>
    public string? FirstText(string key) => Texts(key) is [var first, ..] ? first : null;

    /// <summary>A list of texts; null when there is none.</summary>
    public IReadOnlyList<string>? Texts(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(e => e.GetString()!)],
        { } other => throw Error(key, $"is {Shown(other)}", "a list of texts"),
    };

    /// <summary>One id or a list of ids; empty when there is none.</summary>
    public IReadOnlyList<int> Ids(string key) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(IsId) => [.. list.EnumerateArray().Select(e => e.GetInt32())],
        { ValueKind: JsonValueKind.Number } => [Integer(key)],
        { } other => throw Error(key, $"is {Shown(other)}", "a token id or a list of them"),
    };

    /// <summary>An error that names the key.</summary>
    public ProximaException Error(string key, string problem, string expected) =>
        new(ExitCode.Data, $"{_path}: {key} {problem}; expected {expected}.");

    /// <summary>An error for something that the model asks for and Proxima does not offer.</summary>
    public ProximaException Unsupported(string key, string value, string supported) =>
        new(ExitCode.Data, $"{_path}: {key} asks for {value}, which Proxima does not support. Supported: {supported}.");

    private JsonElement? Find(string key) =>
        _root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Shown(JsonElement element) => ShownText.Of(element.ToString());

    private static bool IsId(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out _);

    /// <summary>Some files write whole numbers as 8192.0.</summary>
    private static bool IsWhole(JsonElement number) => number.GetDouble() is var value && value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue;
}
