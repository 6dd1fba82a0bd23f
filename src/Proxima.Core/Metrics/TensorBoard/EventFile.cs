using System.Buffers.Binary;
using System.Globalization;

namespace Proxima.Core.Metrics.TensorBoard;

/// <summary>
/// Metrics as scalars for TensorBoard: a file of records (length, its checksum, an Event message, its checksum), one event a log line.
/// Field numbers are those of TensorFlow's event.proto and summary.proto.
/// </summary>
public sealed class EventFile : IDisposable
{
    private const string Prefix = "events.out.tfevents.";
    private const string Version = "brain.Event:2";
    private const int EventTime = 1;
    private const int EventStep = 2;
    private const int EventVersion = 3;
    private const int EventSummary = 5;
    private const int EventSession = 7;
    private const int SummaryValue = 1;
    private const int ValueTag = 1;
    private const int ValueNumber = 2;
    private const int SessionStatus = 1;
    private const int SessionStart = 1;

    private readonly FileStream _file;
    private readonly TimeProvider _time;

    private EventFile(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <summary>
    /// Begins a new file. Its first events say that a session starts: TensorBoard then drops what older files of the folder hold of this
    /// and later steps, so that a resumed run has no step twice.
    /// </summary>
    /// <param name="folder">made when it is not there</param>
    /// <param name="firstStep">first step that the file may hold</param>
    /// <param name="time">clock of the events</param>
    public static EventFile Create(string folder, int firstStep, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        long seconds = Math.Max(time.GetUtcNow().ToUnixTimeSeconds(), NewestIn(folder) + 1); // files are read in the order of their names
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{seconds:d10}.{Environment.MachineName}.{Environment.ProcessId}");
        EventFile events = new(new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read), time);
        events.WriteEvent(0, @event => @event.Text(EventVersion, Version));
        ProtobufWriter session = new();
        session.Integer(SessionStatus, SessionStart);
        events.WriteEvent(firstStep, @event => @event.Message(EventSession, session));
        return events;
    }

    /// <summary>The time in the name of the newest file; 0 when there is none.</summary>
    private static long NewestIn(string folder) => Directory.EnumerateFiles(folder, Prefix + "*")
        .Select(path => Path.GetFileName(path)[Prefix.Length..].Split('.')[0])
        .Select(digits => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : 0)
        .DefaultIfEmpty().Max();

    /// <summary>Writes one event and hands it to the system.</summary>
    /// <param name="step">the step it belongs to</param>
    /// <param name="metrics">name → number; stored as float32</param>
    public void Append(int step, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        ProtobufWriter summary = new();
        foreach ((string name, double number) in metrics)
        {
            ProtobufWriter value = new();
            value.Text(ValueTag, name);
            value.Float(ValueNumber, (float)number);
            summary.Message(SummaryValue, value);
        }

        WriteEvent(step, @event => @event.Message(EventSummary, summary));
    }

    public void Dispose() => _file.Dispose();

    private void WriteEvent(int step, Action<ProtobufWriter> writeContent)
    {
        ProtobufWriter message = new();
        message.Double(EventTime, _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        if (step != 0)
        {
            message.Integer(EventStep, step); // protobuf leaves a 0 out
        }

        writeContent(message);
        WriteRecord(message.Bytes);
    }

    private void WriteRecord(ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[sizeof(ulong) + sizeof(uint) + content.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), Crc32C.Masked(record.AsSpan(0, sizeof(ulong))));
        content.CopyTo(record.AsSpan(sizeof(ulong) + sizeof(uint)));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - sizeof(uint)), Crc32C.Masked(content));
        _file.Write(record);
        _file.Flush();
    }
}
