using System.Text.Json;
using Proxima.Core;

namespace Proxima.Text.Reading;

/// <summary>A place in a JSON file. What it holds is asked for by type; a wrong type is an error that names the place.</summary>
internal readonly struct JsonField
{
    private readonly JsonElement _element;

    public JsonField(JsonElement element, string path)
    {
        _element = element;
        Path = path;
    }

    /// <summary>File and keys, such as "tokenizer.json: model.vocab".</summary>
    public string Path { get; }

    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    public bool IsString => _element.ValueKind == JsonValueKind.String;

    /// <summary>The value of a key that must be there.</summary>
    public JsonField Field(string key) => Optional(key) ?? throw Error($"the key \"{key}\" is missing");

    /// <summary>The value of a key; null when the key is absent or its value is null.</summary>
    public JsonField? Optional(string key) =>
        Has(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new JsonField(value, Path.EndsWith(' ') ? Path + key : $"{Path}.{key}")
            : null;

    /// <summary>Whether the key is there, be it with null.</summary>
    public bool Has(string key) => Has(key, out _);

    public string Text()
    {
        if (_element.ValueKind == JsonValueKind.String)
        {
            try
            {
                return _element.GetString()!; // Not null: the kind is a string.
            }
            catch (InvalidOperationException e)
            {
                throw Error("the string is no valid Unicode", e);
            }
        }

        throw Expected("a string");
    }

    public string Text(string key) => Field(key).Text();

    public string? OptionalText(string key) => Optional(key)?.Text();

    public int Integer() =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out int value)
            ? value
            : throw Expected("an integer of 32 bits");

    /// <summary>A whole number from zero to <paramref name="maximum"/>.</summary>
    public int Count(int maximum)
    {
        int value = Integer();
        return value >= 0 && value <= maximum ? value : throw Expected($"a number from 0 to {maximum}");
    }

    public double Number() =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Expected("a finite number");

    public bool Flag() => _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    /// <summary>The flag of a key, or <paramref name="absent"/> when it is absent or null.</summary>
    public bool FlagOr(string key, bool absent) => Optional(key)?.Flag() ?? absent;

    public IEnumerable<JsonField> Items()
    {
        if (!IsArray)
        {
            throw Expected("an array");
        }

        int index = 0;
        foreach (JsonElement item in _element.EnumerateArray())
        {
            yield return new JsonField(item, $"{Path}[{index++}]");
        }
    }

    /// <summary>Items of a long array; their path is the array's, since making one for each costs more than reading.</summary>
    public IEnumerable<JsonField> ManyItems()
    {
        if (!IsArray)
        {
            throw Expected("an array");
        }

        foreach (JsonElement item in _element.EnumerateArray())
        {
            yield return new JsonField(item, Path);
        }
    }

    /// <summary>Keys and values of an object; the path of a value is that of the object.</summary>
    public IEnumerable<KeyValuePair<string, JsonField>> Entries()
    {
        if (!IsObject)
        {
            throw Expected("an object");
        }

        foreach (JsonProperty property in _element.EnumerateObject())
        {
            yield return new(NameOf(property), new JsonField(property.Value, Path));
        }
    }

    public ProximaException Expected(string what) =>
        Error($"{Shown()} was found where {what} was expected");

    public ProximaException Error(string what, Exception? cause = null) =>
        new(ExitCode.Data, $"{Path}: {what}.", cause);

    private bool Has(string key, out JsonElement value)
    {
        if (!IsObject)
        {
            throw Expected("an object");
        }

        return _element.TryGetProperty(key, out value);
    }

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw Error("a key is no valid Unicode", e);
        }
    }

    private string Shown()
    {
        const int MaxShown = 60;
        string raw = _element.ValueKind == JsonValueKind.Undefined ? "nothing" : _element.GetRawText();
        return raw.Length <= MaxShown ? raw : raw[..MaxShown] + "…";
    }
}
