using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Serialization;
using Proxima.Core.Untrusted;
using Proxima.Data.Dialogues;

namespace Proxima.Data.Conversion;

/// <summary>Reads Parquet files, a row group at a time; lists and structs become those of JSON.</summary>
internal static class ParquetRows
{
    /// <summary>The rows in order.</summary>
    /// <exception cref="InvalidDataException">the file is no Parquet file, or is damaged</exception>
    public static IEnumerable<SourceRow> Read(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        int groups = GroupCount(file);
        long number = 0;
        for (int group = 0; group < groups; group++)
        {
            foreach (Dictionary<string, object> row in ReadGroup(file, group))
            {
                yield return new SourceRow((JsonObject)ToJson(row)!, new SourceLine(path, ++number));
            }
        }
    }

    private static int GroupCount(FileStream file) => Guard(() =>
    {
        ParquetReader reader = ParquetReader.CreateAsync(file, leaveStreamOpen: true).GetAwaiter().GetResult();
        int groups = reader.RowGroupCount;
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return groups;
    });

    private static List<Dictionary<string, object>> ReadGroup(FileStream file, int group) => Guard(() =>
    {
        file.Position = 0;
        return ParquetSerializer.DeserializeUntypedAsync(file, rowGroupIndex: group).GetAwaiter().GetResult().Data.ToList();
    });

    /// <summary>The reader throws many kinds of exceptions at damaged files.</summary>
    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // Whatever a damaged file makes the reader throw, the file is what is wrong.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        ReadOnlyMemory<char> text => JsonValue.Create(text.ToString()),
        bool flag => JsonValue.Create(flag),
        IDictionary<string, object> fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, ToJson(field.Value)))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(ToJson)]),
        float or double or decimal or int or long or short or byte or sbyte or uint or ulong or ushort =>
            JsonNode.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };
}
