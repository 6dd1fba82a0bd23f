using System.Buffers.Binary;
using System.Text;

namespace Proxima.EndToEnd.Tests.FaultLab;

/// <summary>What TensorBoard shows of a folder: the files in the order of their names; one that begins a session takes back later steps.</summary>
internal static class EventFiles
{
    private const ulong SessionStart = 1;

    /// <summary>The scalars, without those that depend on the machine, as lines.</summary>
    public static IReadOnlyList<string> Shown(string folder)
    {
        List<(long Step, string Line)> shown = [];
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            foreach (byte[] record in Records(File.ReadAllBytes(file)))
            {
                Dictionary<int, List<object>> message = Fields(record);
                long step = message.TryGetValue(2, out List<object>? steps) ? (long)(ulong)steps[0] : 0;
                if (message.TryGetValue(7, out List<object>? session) && Fields((byte[])session[0])[1][0] is SessionStart)
                {
                    shown.RemoveAll(line => line.Step >= step);
                }

                foreach (byte[] value in message.TryGetValue(5, out List<object>? summaries) ? Fields((byte[])summaries[0]).GetValueOrDefault(1, []).Cast<byte[]>() : [])
                {
                    Dictionary<int, List<object>> scalar = Fields(value);
                    string tag = Encoding.UTF8.GetString((byte[])scalar[1][0]);
                    if (!RunFiles.DependsOnMachine(tag))
                    {
                        shown.Add((step, $"{step} {tag} {BitConverter.UInt32BitsToSingle((uint)scalar[2][0]):r}"));
                    }
                }
            }
        }

        return [.. shown.Select(line => line.Line)];
    }

    /// <summary>Whole records: length, its checksum, content, its checksum.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at + 12 <= file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            if (at + 16 + length > file.Length)
            {
                yield break; // the last one of a process that was killed
            }

            yield return file[(at + 12)..(at + 12 + length)];
            at += 16 + length;
        }
    }

    /// <summary>Field number → values of a protobuf message: numbers as ulong or uint, all else as bytes.</summary>
    private static Dictionary<int, List<object>> Fields(ReadOnlySpan<byte> message)
    {
        Dictionary<int, List<object>> fields = [];
        while (message.Length > 0)
        {
            ulong key = Varint(ref message);
            object value = (key & 7) switch
            {
                0 => Varint(ref message),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8)),
                2 => Take(ref message, (int)Varint(ref message)).ToArray(),
                5 => BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4)),
                _ => throw new InvalidDataException($"wire type {key & 7}"),
            };
            (fields.TryGetValue((int)(key >> 3), out List<object>? values) ? values : fields[(int)(key >> 3)] = []).Add(value);
        }

        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Take(ref message, 1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, int count)
    {
        ReadOnlySpan<byte> taken = message[..count];
        message = message[count..];
        return taken;
    }
}
